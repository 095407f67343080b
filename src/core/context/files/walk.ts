import { sep } from "node:path";
import { ImageBuilderError, systemCodeOf } from "../../base/errors";
import type { IgnoreList, Scope } from "../dockerignore/ignoreList";
import { directoryUnreadable, listDirectory, type DirectoryItem, type EntryKind } from "./listDirectory";
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
}

/** What decides on entries: an ignore list, or a part of one. */
export type IgnoreRules = Pick<IgnoreList, "root" | "decide">;

/** How to walk. */
export interface WalkOptions {
  readonly ignoreList?: IgnoreRules;
  readonly order: EntryOrder;
  /** The folder that the root must still be. */
  readonly rootFolder?: RealFolder;
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
}

/**
 * Walks a folder and yields what a builder would send of it. Links are not followed, except that the root may be one. A
 * directory that is kept out comes all the same, before its content, when something below it is let back in.
 *
 * @throws ImageBuilderError `contextUnreadable`, `contextChanged` when a link has taken a folder's place;
 * InvalidPatternError when the walk meets a pattern that cannot be compiled
 */
export function* walk(root: string, { ignoreList, order, rootFolder }: WalkOptions): Generator<Found> {
  const { realPath } = checkRoot(root, rootFolder);
  yield* walkDirectory({ path: "", absolutePath: root, realPath, scope: ignoreList?.root, included: true });

  function* walkDirectory(directory: Directory): Generator<Found> {
    let found: FoundEntry[] = [];
    let looked = 0;
    const later = new Map<DirectoryItem, Iterable<Found>>();
    for (const step of yield* stepsThrough(yield* readItems(directory), order)) {
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
        if (step.kind === "directory") {
          const below = walkDirectory({
            ...entry,
            realPath: entry.realPath ?? entry.absolutePath,
            scope: verdict?.inside,
            included: !excluded,
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

function* readItems({ path, absolutePath, realPath, included }: Directory): Generator<undefined, DirectoryItem[]> {
  try {
    return yield* listDirectory(absolutePath, realPath);
  } catch (error) {
    if (error instanceof FolderMovedError) throw folderChanged(path || absolutePath, error);
    const code = systemCodeOf(error);
    const vanished = path !== "" && (code === "ENOENT" || code === "ENOTDIR");
    if (vanished || (!included && (code === "EACCES" || code === "EPERM"))) return [];
    throw directoryUnreadable(absolutePath, error);
  }
}

function entryOf(directory: Directory, { name, kind, brokenName }: DirectoryItem): FoundEntry {
  const path = directory.path === "" ? name : `${directory.path}/${name}`;
  if (brokenName !== undefined) {
    throw new ImageBuilderError(
      "contextUnreadable",
      `The name "${brokenName}" in the folder "${directory.absolutePath}" of the build context is not valid UTF-8. Rename it, or exclude it in .dockerignore.`,
    );
  }
  const absolutePath = within(directory.absolutePath, name);
  return {
    path,
    name,
    absolutePath,
    realPath: directory.realPath === directory.absolutePath ? undefined : within(directory.realPath, name),
    kind,
  };
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
