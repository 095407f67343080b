import { FileTree, parentOf } from "../../../src/core/embedded/tree/fileTree";
import type { Leaf, Node } from "../../../src/core/embedded/tree/node";

/** What a test writes a file, a symlink or a further name of a file as. */
export type Written = string | { readonly link: string } | { readonly hard: string };

/** A tree of files; folders are made where they are needed. */
export function treeOf(files: Readonly<Record<string, Written>>): FileTree {
  const tree = new FileTree();
  for (const [path, written] of Object.entries(files)) {
    tree.makeFolders(parentOf(`/${path}`));
    const node = typeof written === "object" && "hard" in written ? tree.at(`/${written.hard}`) : leafOf(written);
    if (node) tree.put(`/${path}`, node);
  }
  tree.settle();
  return tree;
}

function leafOf(written: string | { readonly link: string }): Leaf {
  const common = { mode: 0o644, uid: 0, gid: 0, mtime: 1 };
  if (typeof written === "object")
    return { ...common, kind: "symlink", mode: 0o777, sizeBytes: 0, target: written.link };
  const bytes = Buffer.from(written);
  return { ...common, kind: "file", sizeBytes: bytes.length, content: { kind: "bytes", bytes } };
}

/** All paths of a tree. */
export function listTree(tree: FileTree): string[] {
  const below = (node: Node, path: string): string[] =>
    node.kind === "directory"
      ? [...node.children].flatMap(([name, child]) => [`${path}/${name}`, ...below(child, `${path}/${name}`)])
      : [];
  return below(tree.root, "").sort();
}
