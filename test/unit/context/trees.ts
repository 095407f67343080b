import { PathTree } from "../../../src/core/context/tree/pathTree";

/** A tree in memory: `p` is a file of one byte, `p/` an empty directory, `p -> t` a link. */
export function treeOf(files: readonly string[]): PathTree {
  const tree = new PathTree();
  for (const file of files) {
    const [path = "", target] = file.split(" -> ");
    if (target !== undefined) tree.add(path, "symlink");
    else if (path.endsWith("/")) tree.add(path.slice(0, -1), "directory");
    else tree.add(path, "file", 1);
  }
  return tree;
}
