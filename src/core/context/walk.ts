import { sep } from "node:path";
import { ImageBuilderError, systemCodeOf } from "../errors";
import type { IgnoreList, Scope } from "./dockerignore/ignoreList";
import { directoryUnreadable, listDirectory, type DirectoryItem, type EntryKind } from "./listDirectory";
import { sortByBytes, type EntryOrder } from "./pathOrder";

/** One thing that a walk has found and the ignore list lets in. */
export interface FoundEntry {
  /** Slash-separated, relative to the root. */
  readonly path: string;
  readonly absolutePath: string;
  readonly kind: EntryKind;
}

/** What decides on entries: an ignore list, or a part of one. */
export type IgnoreRules = Pick<IgnoreList, "root" | "decide">;

/** How to walk. */
export interface WalkOptions {
  readonly ignoreList?: IgnoreRules;
  readonly order: EntryOrder;
}

/** What a walk yields while it finds nothing to send, so that its consumer can see to other things. */
export type Found = FoundEntry | undefined;

interface Directory {
  readonly path: string;
  readonly absolutePath: string;
  /** Nothing without an ignore list. */
  readonly scope?: Scope;
  /** Whether it is in the context itself, and not only as the way to what is. */
  readonly included: boolean;
}

/**
 * Walks a folder and yields what a builder would send of it. Links are not followed, except that the root may be one. A
 * directory that is kept out comes all the same, before its content, when something below it is let back in.
 *
 * @throws ImageBuilderError `contextUnreadable`; InvalidPatternError when the walk meets a pattern that cannot be compiled
 */
export function* walk(root: string, { ignoreList, order }: WalkOptions): Generator<Found> {
  yield* walkDirectory({ path: "", absolutePath: root, scope: ignoreList?.root, included: true });

  function* walkDirectory(directory: Directory): Generator<Found> {
    const contents = new Map<DirectoryItem, Iterable<Found>>();
    for (const { item, isContent } of yield* stepsThrough(yield* readItems(directory), order)) {
      if (isContent) {
        yield* contents.get(item) ?? [];
        contents.delete(item);
        continue;
      }
      const verdict = directory.scope && ignoreList?.decide(directory.scope, item.name, item.kind === "directory");
      const excluded = verdict?.excluded ?? false;
      if (excluded && !verdict?.inside) {
        yield undefined;
        continue;
      }
      const entry = entryOf(directory, item);
      if (item.kind === "directory") {
        const content = walkDirectory({ ...entry, scope: verdict?.inside, included: !excluded });
        const first = excluded ? yield* firstFound(content) : undefined;
        if (excluded && !first) continue;
        contents.set(item, first ? resume(first, content) : content);
      }
      yield entry;
    }
  }
}

interface Step {
  readonly key: string;
  readonly item: DirectoryItem;
  readonly isContent: boolean;
}

/** Every item, and for each directory a further step where its content belongs. */
function* stepsThrough(items: readonly DirectoryItem[], order: EntryOrder): Generator<undefined, Step[]> {
  const contentOf = (item: DirectoryItem): Step[] => (item.kind === "directory" ? [{ key: `${item.name}/`, item, isContent: true }] : []);
  const entries = items.map((item) => ({ key: item.name, item, isContent: false }));
  if (order === "path") return yield* sortByBytes([...entries, ...items.flatMap(contentOf)]);
  const sorted = yield* sortByBytes(entries);
  return sorted.flatMap((entry) => [entry, ...contentOf(entry.item)]);
}

/** Pulls until something is found, passing on the pauses. */
function* firstFound(below: Generator<Found>): Generator<undefined, FoundEntry | undefined> {
  for (;;) {
    const { done, value } = below.next();
    if (done) return undefined;
    if (value) return value;
    yield undefined;
  }
}

function* resume(first: FoundEntry, rest: Generator<Found>): Generator<Found> {
  yield first;
  yield* rest;
}

function* readItems({ path, absolutePath, included }: Directory): Generator<undefined, DirectoryItem[]> {
  try {
    return yield* listDirectory(absolutePath);
  } catch (error) {
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
      `The name "${brokenName}" in the folder "${directory.absolutePath}" of the build context is not UTF-8: rename it or keep it out by .dockerignore.`,
    );
  }
  return { path, absolutePath: directory.absolutePath + (directory.absolutePath.endsWith(sep) ? "" : sep) + name, kind };
}
