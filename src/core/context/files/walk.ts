import { sep } from "node:path";
import { ImageBuilderError, systemCodeOf } from "../../base/errors";
import type { IgnoreList, Scope } from "../dockerignore/ignoreList";
import { throwFault } from "./faults";
import { directoryUnreadable, listDirectory, type DirectoryItem, type EntryKind } from "./listDirectory";
import type { PathScope } from "./pathScope";
import { sortByBytes, type EntryOrder } from "./pathOrder";
import { FolderMovedError, folderChanged, realFolder, type RealFolder } from "./realFolder";

/** Entry that a walk has found and the ignore list includes. */
export interface FoundEntry {
  /** Path relative to the root, with slashes. */
  readonly path: string;
  readonly absolutePath: string;
  /** Last name of the path, if known. */
  readonly name?: string;
  /** Path without links; undefined if it equals `absolutePath`. */
  readonly realPath?: string;
  readonly kind: EntryKind;
  /** Whether the entry was named explicitly, not found by a walk: links that lead to it are followed. */
  readonly isNamed?: boolean;
  /** Reason why the entry can't be sent; in a second entry for a folder, why its contents can't. */
  readonly fault?: ImageBuilderError;
}

/** Ignore list, or a part of one, that decides on entries. */
export type IgnoreRules = Pick<IgnoreList, "root" | "decide">;

/** Options of a walk. */
export interface WalkOptions {
  readonly ignoreList?: IgnoreRules;
  readonly order: EntryOrder;
  /** Folder that the root must still be. */
  readonly rootFolder?: RealFolder;
  /** Part of the folder to walk; nothing outside it is read. Default is everything. */
  readonly scope?: PathScope;
  /**
   * Whether to yield entries that can't be sent with their fault, and continue. Default is to throw the first fault.
   */
  readonly keepsFaults?: boolean;
}

/** Entries found since the last yield; undefined for a pause, in which the consumer can do other work. */
export type Found = readonly FoundEntry[] | undefined;

/** Number of entries that are examined between two yields. */
const batchSize = 256;

interface Directory {
  readonly path: string;
  readonly absolutePath: string;
  readonly realPath: string;
  /** Undefined without an ignore list. */
  readonly scope?: Scope;
  /** Whether the directory itself is included, not only because something in it is. */
  readonly included: boolean;
  /** Whether everything in it is part of the walk's scope. */
  readonly isWanted: boolean;
}

/**
 * Walks a folder and yields what a builder would send. Doesn't follow links, except for the root. Yields an excluded
 * directory, before its contents, if something in it is included again.
 *
 * @throws ImageBuilderError `contextUnreadable`, `contextChanged` if a link has replaced a folder (with `keepsFaults`,
 * both only for the root); InvalidPatternError if an invalid rule has to be tried
 */
export function* walk(root: string, { keepsFaults = false, ...options }: WalkOptions): Generator<Found> {
  for (const found of walkKeepingFaults(root, options)) {
    if (!keepsFaults) throwFault(found);
    yield found;
  }
}

function* walkKeepingFaults(
  root: string,
  { ignoreList, order, rootFolder, scope }: Omit<WalkOptions, "keepsFaults">,
): Generator<Found> {
  const { realPath } = checkRoot(root, rootFolder);
  yield* walkDirectory({
    path: "",
    absolutePath: root,
    realPath,
    scope: ignoreList?.root,
    included: true,
    isWanted: scope === undefined,
  });

  function* walkDirectory(directory: Directory): Generator<Found> {
    const items = yield* readItems(directory);
    if (ImageBuilderError.is(items)) {
      yield [faultyContent(directory, items)];
      return;
    }
    let found: FoundEntry[] = [];
    let looked = 0;
    const later = new Map<DirectoryItem, Iterable<Found>>();
    for (const step of yield* stepsThrough(wantedItems(directory, items), order)) {
      let content: Iterable<Found> | undefined;
      if ("contentOf" in step) content = later.get(step.contentOf);
      else {
        if (++looked % batchSize === 0) {
          yield found;
          found = [];
        }
        const verdict = directory.scope && ignoreList?.decide(directory.scope, step.name, step.kind === "directory");
        const excluded = verdict?.excluded ?? false;
        if (excluded && !verdict?.inside) continue;
        const entry = entryOf(directory, step);
        if (step.kind === "directory" && !entry.fault) {
          const below = walkDirectory({
            ...entry,
            realPath: entry.realPath ?? entry.absolutePath,
            scope: verdict?.inside,
            included: !excluded,
            isWanted: directory.isWanted || scope?.holds(entry.path) === true,
          });
          const first = excluded ? yield* firstFound(below) : undefined;
          if (excluded && !first) continue;
          content = first ? resume(first, below) : below;
        }
        found.push(entry);
        if (content && order === "path") {
          later.set(step, content);
          continue;
        }
      }
      if (!content) continue;
      yield found;
      found = [];
      yield* content;
    }
    yield found;
  }

  /** Filters before sorting, because most of a folder may be outside the scope. */
  function wantedItems(directory: Directory, items: readonly DirectoryItem[]): readonly DirectoryItem[] {
    if (directory.isWanted || !scope) return items;
    return items.filter(({ name, kind }) => {
      const path = pathIn(directory, name);
      return scope.holds(path) || (kind === "directory" && scope.leadsTo(path));
    });
  }
}

/** Position of a directory's contents when whole paths are sorted. */
interface ContentStep {
  readonly name: string;
  readonly contentOf: DirectoryItem;
}

/** Sorts items; in path order, the contents of each directory are a separate step. */
function* stepsThrough(
  items: readonly DirectoryItem[],
  order: EntryOrder,
): Generator<undefined, readonly (DirectoryItem | ContentStep)[]> {
  if (order === "tree") return yield* sortByBytes(items);
  const contents = items
    .filter(({ kind }) => kind === "directory")
    .map((item): ContentStep => ({ name: `${item.name}/`, contentOf: item }));
  return yield* sortByBytes<DirectoryItem | ContentStep>([...items, ...contents]);
}

/** Runs a walk until it finds something, passing on its pauses; returns undefined if it finds nothing. */
function* firstFound(below: Generator<Found>): Generator<undefined, Found> {
  for (;;) {
    const { done, value } = below.next();
    if (done) return undefined;
    if (value && value.length > 0) return value;
    yield undefined;
  }
}

function* resume(first: Found, rest: Generator<Found>): Generator<Found> {
  yield first;
  yield* rest;
}

/** Lists a directory; returns the fault if it can't be listed, and throws it for the root. */
function* readItems({
  path,
  absolutePath,
  realPath,
  included,
}: Directory): Generator<undefined, DirectoryItem[] | ImageBuilderError> {
  try {
    return yield* listDirectory(absolutePath, realPath);
  } catch (error) {
    const fault =
      error instanceof FolderMovedError
        ? folderChanged(path || absolutePath, error)
        : directoryUnreadable(absolutePath, error);
    if (path === "") throw fault;
    const code = systemCodeOf(error);
    const isGone = code === "ENOENT" || code === "ENOTDIR";
    return isGone || (!included && (code === "EACCES" || code === "EPERM")) ? [] : fault;
  }
}

function faultyContent({ path, absolutePath }: Directory, fault: ImageBuilderError): FoundEntry {
  return { path, absolutePath, kind: "directory", fault };
}

function pathIn({ path }: Directory, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

function entryOf(directory: Directory, { name, kind, brokenName }: DirectoryItem): FoundEntry {
  const absolutePath = within(directory.absolutePath, name);
  return {
    path: pathIn(directory, name),
    name,
    absolutePath,
    realPath: directory.realPath === directory.absolutePath ? undefined : within(directory.realPath, name),
    kind,
    fault: brokenName === undefined ? undefined : nameBroken(directory, brokenName),
  };
}

function nameBroken({ absolutePath }: Directory, brokenName: string): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `The name "${brokenName}" in the folder "${absolutePath}" of the build context is not valid UTF-8. ` +
      "Rename it, or exclude it in .dockerignore.",
    { cause: new Error("its name is not valid UTF-8") },
  );
}

function within(folder: string, name: string): string {
  return folder + (folder.endsWith(sep) ? "" : sep) + name;
}

/**
 * Returns the root folder. @throws ImageBuilderError `contextChanged` if it is no longer the chosen one,
 * `contextUnreadable`
 */
function checkRoot(root: string, chosen: RealFolder | undefined): RealFolder {
  try {
    const found = realFolder(root);
    if (!chosen || (found.realPath === chosen.realPath && found.ino === chosen.ino && found.dev === chosen.dev))
      return found;
  } catch (error) {
    throw directoryUnreadable(root, error);
  }
  throw folderChanged(root);
}
