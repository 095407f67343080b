import type { BuildContext } from "../../context/files/buildContext";
import type { ContextEntry } from "../../context/files/contextEntry";
import { FileTree, joinPath, nameOf, parentOf } from "../tree/fileTree";
import { newFolder, type Folder, type Leaf } from "../tree/node";

/** Lists a build context as BuildKit gets to see it: everything is root's, times are whole seconds. */
export async function contextTree(context: BuildContext, signal: AbortSignal): Promise<FileTree> {
  const root = newFolder({ mtime: 0 });
  const folders = new Map<string, Folder>([["/", root]]);
  const linked = new Map<string, Leaf>();
  for await (const batch of context.entries({ order: "tree", keepsFaults: true, signal })) {
    for (const entry of batch) addEntry(entry, folders, linked);
  }
  return new FileTree(root);
}

function addEntry(entry: ContextEntry, folders: Map<string, Folder>, linked: Map<string, Leaf>): void {
  const path = joinPath("/", entry.path);
  const parent = folders.get(parentOf(path));
  if (!parent) return;
  const mtime = Math.floor(entry.mtimeMs / 1000);
  if (entry.kind === "directory") {
    const known = folders.get(path);
    // The second time it comes with the reason why its content is not there.
    if (known) known.fault = entry.fault;
    if (known) return;
    const folder = newFolder({ mode: entry.mode, mtime });
    folder.fault = entry.fault;
    folders.set(path, folder);
    parent.children.set(nameOf(path), folder);
    return;
  }
  const first = entry.inode === undefined ? undefined : linked.get(entry.inode);
  const leaf = first ?? leafOf(entry, mtime);
  if (entry.inode !== undefined) linked.set(entry.inode, leaf);
  parent.children.set(nameOf(path), leaf);
}

function leafOf(entry: ContextEntry, mtime: number): Leaf {
  const { kind, mode, sizeBytes, linkTarget, content, fault } = entry;
  return {
    kind: kind as Leaf["kind"],
    mode: kind === "symlink" ? 0o777 : mode,
    uid: 0,
    gid: 0,
    mtime,
    sizeBytes,
    ...(kind === "symlink" && { target: linkTarget ?? "" }),
    ...(kind === "file" &&
      sizeBytes > 0 && {
        content: Buffer.isBuffer(content) ? { kind: "bytes", bytes: content } : { kind: "listed", entry },
      }),
    fault,
  };
}
