import { lstatSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../../errors";
import { inSlices } from "../batches";
import { listDirectory, type DirectoryItem } from "../listDirectory";
import { compareTree, sort, sortByBytes } from "../pathOrder";
import { PathTree, type PathId } from "./pathTree";

/** After how many files a step ends, each of which is asked for its size. */
const stepSize = 16;

/** How to read a folder. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Told the number of paths from time to time. */
  readonly onProgress?: (paths: number) => void;
}

/** A folder as it was read. */
export interface ReadTree {
  readonly tree: PathTree;
  /** Directories that may not be read; the tree has nothing below them. */
  readonly unreadable: readonly PathId[];
}

/**
 * Reads all paths of a folder, whatever its ignore file says, in slices of some 10 ms. What vanishes meanwhile is left out.
 *
 * @throws what the system throws if the folder itself cannot be read; the signal's reason
 */
export function readPathTree(root: string, { signal, onProgress }: ReadOptions = {}): Promise<ReadTree> {
  return inSlices(() => readTree(root, onProgress), signal);
}

/** Sorts paths into a tree, in slices of some 10 ms. @throws the signal's reason */
export function pathTreeOf(
  paths: Iterable<{ readonly path: string; readonly kind: DirectoryItem["kind"]; readonly sizeBytes?: number }>,
  signal?: AbortSignal,
): Promise<PathTree> {
  return inSlices(function* () {
    const tree = new PathTree();
    for (const { path, kind, sizeBytes } of yield* sort([...paths], (a, b) => compareTree(a.path, b.path))) {
      tree.add(path, kind, sizeBytes);
      if (tree.size % stepSize === 0) yield;
    }
    return tree;
  }, signal);
}

function* readTree(root: string, onProgress?: (paths: number) => void): Generator<undefined, ReadTree> {
  const tree = new PathTree();
  const unreadable: PathId[] = [];
  const pending = [{ id: tree.root, folder: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { id, folder } = next;
    const items = yield* readItems(folder, id === tree.root);
    if (!items) unreadable.push(id);
    for (const { key: name, item } of items ?? []) {
      const path = join(folder, name);
      const sizeBytes = item.kind === "file" ? sizeOf(path) : 0;
      if (sizeBytes === undefined) continue;
      const child = tree.addTo(id, name, item.kind, sizeBytes);
      if (item.kind === "directory") pending.push({ id: child, folder: path });
      if (tree.size % stepSize === 0) yield;
    }
    onProgress?.(tree.size);
  }
  return { tree, unreadable };
}

/** Sorted; nothing for a directory that may not be read. */
function* readItems(folder: string, isRoot: boolean): Generator<undefined, { key: string; item: DirectoryItem }[] | undefined> {
  try {
    const items = yield* listDirectory(folder);
    return yield* sortByBytes(items.map((item) => ({ key: item.name, item })));
  } catch (error) {
    const code = systemCodeOf(error);
    if (isRoot || !code) throw error;
    return code === "ENOENT" || code === "ENOTDIR" ? [] : undefined;
  }
}

/** Nothing for what has vanished, 0 for what may not be asked. */
function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    if (systemCodeOf(error)) return 0;
    throw error;
  }
}
