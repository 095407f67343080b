import { compareTree } from "../../context/files/pathOrder";
import { joinPath, nameOf, parentOf, type FileTree } from "../tree/fileTree";
import { justNow, type Leaf, type Node } from "../tree/node";

/** Entries of a layer, in the order of its tar. */
export interface LayerEntry {
  /** Absolute; `/` for the root. */
  readonly path: string;
  /** State in this layer, not affected by later changes; undefined for a whiteout, which hides a lower path. */
  readonly node?: Node;
}

/** A layer that an instruction has made. */
export interface NewLayer {
  readonly entries: readonly LayerEntry[];
  /** Seconds since 1970: the newest of its files. */
  readonly newest: number;
}

const whiteout = ".wh.";
const opaque = ".wh..wh..opq";

/**
 * Takes what has changed in a tree since the last layer, which may be nothing. What BuildKit would give the time
 * of the build gets one that is the same each time.
 *
 * @param epoch the time of the build, if it is given; otherwise that of the newest file counts
 * @param fallback for a layer without files; all in seconds since 1970
 */
export function takeLayer(tree: FileTree, epoch: number | undefined, fallback: number): NewLayer {
  const paths = [...tree.changed].filter((path) => tree.at(path)).sort(compareTree);
  const newest = newestOf(paths, tree) ?? fallback;
  const entries: LayerEntry[] = [];
  for (const path of paths) {
    const node = timed(tree, path, epoch ?? newest);
    entries.push({ path, node: node.kind === "directory" ? { ...node, children: new Map() } : node });
  }
  for (const path of tree.removed) {
    const node = tree.at(path);
    if (!node) entries.push({ path: joinPath(parentOf(path), whiteout + nameOf(path)) });
    else if (node.kind === "directory") entries.push({ path: joinPath(path, opaque) });
  }
  tree.settle();
  return { entries: entries.sort((a, b) => compareTree(a.path, b.path)), newest };
}

function newestOf(paths: readonly string[], tree: FileTree): number | undefined {
  let newest: number | undefined;
  for (const path of paths) {
    const node = tree.at(path);
    if (!node || node.kind === "directory" || node.mtime === justNow) continue;
    newest = Math.max(newest ?? node.mtime, node.mtime);
  }
  return newest;
}

/** Returns the node with a time of its own, which it has from now on. */
function timed(tree: FileTree, path: string, seconds: number): Node {
  const node = tree.at(path) ?? tree.root;
  if (node.mtime !== justNow) return node;
  if (node.kind === "directory") {
    node.mtime = seconds;
    return node;
  }
  const leaf: Leaf = { ...node, mtime: seconds };
  tree.folderAt(parentOf(path)).children.set(nameOf(path), leaf);
  return leaf;
}
