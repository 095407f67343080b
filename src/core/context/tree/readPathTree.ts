import { lstatSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemCodeOf } from "../../base/errors";
import { inSlices } from "../../base/batches";
import { shortReason } from "../files/faults";
import { kindOf, listDirectory, type DirectoryItem, type EntryKind } from "../files/listDirectory";
import { compareTree, sort, sortByBytes } from "../files/pathOrder";
import { folderChanged, FolderMovedError, inFolder } from "../files/realFolder";
import { PathTree, type PathId } from "./pathTree";

/** Number of files per step; the size of each is read from disk, all of a step in one look at their folder. */
const stepSize = 16;

/** Options for reading a folder. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Receives the number of paths read so far, from time to time. */
  readonly onProgress?: (paths: number) => void;
}

/** Result of reading a folder. */
export interface ReadTree {
  readonly tree: PathTree;
  /** Directories that can't be listed; the tree contains nothing below them. */
  readonly unreadable: readonly PathId[];
}

/**
 * Reads all paths of a folder, regardless of its ignore file, in slices of about 10 ms. Omits files that vanish in the
 * meantime. Lists no folder that a link has replaced in the meantime.
 *
 * @param root absolute path without links
 * @throws the system's error if the folder itself can't be read; `contextChanged` if it is reached through a link; the
 * signal's reason
 */
export function readPathTree(root: string, { signal, onProgress }: ReadOptions = {}): Promise<ReadTree> {
  return inSlices(() => readTree(root, onProgress), signal);
}

/** Sorts paths into a tree, in slices of about 10 ms. @throws the signal's reason */
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

/**
 * Updates some paths of a tree, and everything below them, from the disk, in slices of about 10 ms.
 *
 * @param root as for {@link readPathTree}
 * @param paths paths relative to the root, with slashes; empty for the root. The folders above each are added with it
 * @throws the signal's reason
 */
export function updatePathTree(
  tree: PathTree,
  root: string,
  paths: Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  return inSlices(function* () {
    for (const path of paths) {
      yield* updatePath(tree, root, path);
      yield;
    }
  }, signal);
}

/**
 * Updates the names of a tree from the disk, in slices of about 10 ms, for changes that no event reported.
 *
 * @param root as for {@link readPathTree}
 * @throws the signal's reason
 */
export function updateNames(tree: PathTree, root: string, signal?: AbortSignal): Promise<void> {
  return inSlices(function* () {
    const folders = [""];
    let count = 0;
    for (const id of yield* tree.inOrder()) {
      if (tree.isDirectory(id)) folders.push(tree.pathOf(id));
      if (++count % stepSize === 0) yield;
    }
    for (const folder of folders) {
      yield* updatePath(tree, root, folder);
      yield;
    }
  }, signal);
}

function* updatePath(tree: PathTree, root: string, path: string): Generator<undefined, void> {
  const item = path === "" ? folderAt(root) : itemAt(join(root, path));
  if (!item) {
    tree.remove(path);
    return;
  }
  const known = tree.find(path);
  const isKept = item.kind === "directory" && known !== undefined && tree.isDirectory(known);
  const id = isKept ? known : tree.add(path, item.kind, item.sizeBytes);
  if (item.kind !== "directory") return;
  if (isKept) yield* updateChildren(tree, root, id, path);
  else yield* readBelow(tree, [{ id, folder: join(root, path) }]);
}

/**
 * Reads the contents again, because a directory may have been replaced by another with its name, which only one event
 * reports.
 */
function* updateChildren(tree: PathTree, root: string, directory: PathId, path: string): Generator<undefined, void> {
  const items = yield* readItems(tree, directory, join(root, path), false);
  const names = new Set(items.map(({ name }) => name));
  const gone = tree
    .childrenOf(directory)
    .map((id) => tree.nameOf(id))
    .filter((name) => !names.has(name));
  const pathOf = (name: string): string => (path === "" ? name : `${path}/${name}`);
  for (const name of gone) tree.remove(pathOf(name));
  const known = new Map(tree.childrenOf(directory).map((id) => [tree.nameOf(id), tree.kindOf(id)]));
  for (const item of items) {
    const { name } = item;
    if (known.get(name) !== item.kind) yield* updatePath(tree, root, pathOf(name));
    yield;
  }
}

function* readTree(root: string, onProgress?: (paths: number) => void): Generator<undefined, ReadTree> {
  const tree = new PathTree();
  yield* readBelow(tree, [{ id: tree.root, folder: root }], onProgress);
  return { tree, unreadable: tree.faulty };
}

function* readBelow(
  tree: PathTree,
  pending: { readonly id: PathId; readonly folder: string }[],
  onProgress?: (paths: number) => void,
): Generator<undefined, void> {
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { id, folder } = next;
    const items = yield* readItems(tree, id, folder, id === tree.root);
    for (let at = 0; at < items.length; at += stepSize) {
      const some = items.slice(at, at + stepSize);
      const sizes = sizesIn(folder, some);
      for (const [i, { name, kind }] of some.entries()) {
        const sizeBytes = sizes[i];
        if (sizeBytes === undefined) continue;
        const child = tree.addTo(id, name, kind, sizeBytes);
        if (kind === "directory") pending.push({ id: child, folder: join(folder, name) });
      }
      yield;
    }
    onProgress?.(tree.size);
  }
}

/**
 * Returns the sorted entries of a directory. If it can't be listed, returns none and records the fault in the tree,
 * unless `isNeeded`.
 */
function* readItems(
  tree: PathTree,
  directory: PathId,
  folder: string,
  isNeeded: boolean,
): Generator<undefined, DirectoryItem[]> {
  try {
    const items = yield* sortByBytes(yield* listDirectory(folder, folder));
    tree.setFault(directory, undefined);
    return items;
  } catch (error) {
    if (error instanceof FolderMovedError) {
      if (isNeeded) throw folderChanged(folder, error);
      return [];
    }
    const code = systemCodeOf(error);
    if (isNeeded || !code) throw error;
    if (code !== "ENOENT" && code !== "ENOTDIR") tree.setFault(directory, shortReason(error));
    return [];
  }
}

/**
 * Returns the sizes of a folder's files, and 0 for everything else and for a file whose size can't be read. Undefined
 * for what has vanished.
 */
function sizesIn(folder: string, items: readonly DirectoryItem[]): readonly (number | undefined)[] {
  if (!items.some(({ kind }) => kind === "file")) return items.map(() => 0);
  const sizes = inPlace(folder, (place) =>
    items.map(({ name, kind }) => (kind === "file" ? sizeOf(join(place, name)) : 0)),
  );
  return sizes ?? [];
}

function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    if (systemCodeOf(error)) return 0;
    throw error;
  }
}

/** Returns undefined for a folder that doesn't exist or was replaced; one that can't be opened is still there. */
function folderAt(path: string): { readonly kind: "directory"; readonly sizeBytes: number } | undefined {
  const found = { kind: "directory", sizeBytes: 0 } as const;
  try {
    return inFolder(path, () => found);
  } catch (error) {
    const code = systemCodeOf(error);
    if (error instanceof FolderMovedError || code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code) return found;
    throw error;
  }
}

/** Returns undefined for a path that doesn't exist, can't be read, or is reached through a link. */
function itemAt(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | undefined {
  const stats = inPlace(dirname(path), (place): Stats | undefined =>
    lstatSync(join(place, basename(path)), { throwIfNoEntry: false }),
  );
  return stats && { kind: kindOf(stats), sizeBytes: stats.isFile() ? stats.size : 0 };
}

/** Returns undefined if the folder was replaced, and for any of the system's errors. */
function inPlace<Result>(folder: string, look: (place: string) => Result): Result | undefined {
  try {
    return inFolder(folder, look);
  } catch (error) {
    if (error instanceof FolderMovedError || systemCodeOf(error)) return undefined;
    throw error;
  }
}
