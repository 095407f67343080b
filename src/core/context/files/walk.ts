import { sep } from "node:path";
import { ImageBuilderError, systemCodeOf } from "../../base/errors";
import type { IgnoreList, Scope } from "../dockerignore/ignoreList";
import { throwFault } from "./faults";
import { directoryUnreadable, listDirectory, type DirectoryItem, type EntryKind } from "./listDirectory";
import type { PathScope } from "./pathScope";
import { sortByBytes, type EntryOrder } from "./pathOrder";
import { FolderMovedError, folderChanged, realFolder, type RealFolder } from "./realFolder";

/** One thing that a walk has found and the ignore list lets in. */
export interface FoundEntry {
  /** Slash-separated, relative to the root. */
  readonly path: string;
  readonly absolutePath: string;
  /** The last part of the path, where it is at hand. */
  readonly name?: string;
  /** Without a link in it; only where `absolutePath` has one. */
  readonly realPath?: string;
  readonly kind: EntryKind;
  /** Whether somebody named it instead of a walk finding it: links that lead to it are followed. */
  readonly isNamed?: boolean;
  /** Why it cannot be sent; for a folder that has come already, why its content cannot. */
  readonly fault?: ImageBuilderError;
}

/** What decides on entries: an ignore list, or a part of one. */
export type IgnoreRules = Pick<IgnoreList, "root" | "decide">;

/** How to walk. */
export interface WalkOptions {
  readonly ignoreList?: IgnoreRules;
  readonly order: EntryOrder;
  /** The folder that the root must still be. */
  readonly rootFolder?: RealFolder;
  /** The part that is wanted: nothing else is looked at. Default is everything. */
  readonly scope?: PathScope;
  /** Whether to yield what cannot be sent, with its fault, and to go on. Default is to throw the first fault. */
  readonly keepsFaults?: boolean;
}

/** What a walk has found since it last yielded; nothing when it only gives its consumer time to see to other things. */
export type Found = readonly FoundEntry[] | undefined;

/** So many entries are looked at between two yields. */
const batchSize = 256;

interface Directory {
  readonly path: string;
  readonly absolutePath: string;
  readonly realPath: string;
  /** Nothing without an ignore list. */
  readonly scope?: Scope;
  /** Whether it is in the context itself, and not only as the way to what is. */
  readonly included: boolean;
  /** Whether everything below it is wanted. */
  readonly isWanted: boolean;
}

/**
 * Walks a folder and yields what a builder would send of it. Links are not followed, except that the root may be one. A
 * directory that is kept out comes all the same, before its content, when something below it is let back in.
 *
 * @throws ImageBuilderError `contextUnreadable`, `contextChanged` when a link has taken a folder's place, both only for
 * the root where faults are kept; InvalidPatternError when the walk meets a pattern that cannot be compiled
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

  /** Most of a folder may be none of the build's, so it is left out before anything is sorted. */
  function wantedItems(directory: Directory, items: readonly DirectoryItem[]): readonly DirectoryItem[] {
    if (directory.isWanted || !scope) return items;
    return items.filter(({ name, kind }) => {
      const path = pathIn(directory, name);
      return scope.holds(path) || (kind === "directory" && scope.leadsTo(path));
    });
  }
}

/** Where the content of a directory comes when whole paths are sorted. */
interface ContentStep {
  readonly name: string;
  readonly contentOf: DirectoryItem;
}

/** Every item in order; by path, the content of each directory has a step of its own. */
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

/** Pulls until something is found, passing on the pauses. */
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

/** @returns why it cannot be listed, where that is so */
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

/** The root that is walked now, which must be the one that was chosen. */
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
