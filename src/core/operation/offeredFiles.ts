import type { ContextEntry } from "../context/files/contextEntry";

/** Limit on the files of a build context that are remembered. */
export const mostOffered = 50_000;
/** Length of a content's hash in characters, each of six bits. */
export const hashLength = 8;
/** Stands for the hash of a file that was not sent. */
const noHash = "-".repeat(hashLength);

const letters = { file: "f", directory: "d", symlink: "l", fifo: "p" } as const;

/**
 * Files of a build context as BuildKit was offered them. Each list has one item per file, in the same order, because
 * 10,000 objects would take much longer to copy to another thread, and to store.
 */
export interface OfferedFiles {
  readonly paths: readonly string[];
  /** One letter per file: f, d, l, or p, for a file, directory, symlink, or pipe. */
  readonly kinds: string;
  readonly modes: readonly number[];
  readonly sizes: readonly number[];
  /** Modification times in microseconds since 1970. */
  readonly times: readonly number[];
  /** `hashLength` characters per file: the hash of its content, or dashes if it was not sent. */
  readonly hashes: string;
  /** Targets of symlinks and hard links, by index. */
  readonly links: readonly (readonly [index: number, target: string])[];
}

/** Build context with its files. */
export interface OfferedFolder {
  /** Name of a named context; empty for the build's own. */
  readonly name: string;
  /** Undefined if there are more than `mostOffered`. */
  readonly files?: OfferedFiles;
}

/** @param hashes hashes of the contents that were sent, by index */
export function offeredFiles(
  entries: readonly ContextEntry[],
  hashes: readonly (string | undefined)[],
): OfferedFiles | undefined {
  if (entries.length > mostOffered) return undefined;
  return {
    paths: entries.map(({ path }) => path),
    kinds: entries.map(({ kind }) => letters[kind]).join(""),
    modes: entries.map(({ mode }) => mode),
    sizes: entries.map(({ sizeBytes }) => sizeBytes),
    times: entries.map(({ mtimeMs }) => Math.round(mtimeMs * 1000)),
    hashes: entries.map((_, i) => hashes[i] ?? noHash).join(""),
    links: entries.flatMap(({ linkTarget }, i) => (linkTarget === undefined ? [] : [[i, linkTarget] as const])),
  };
}

/** Returns the hash of a file's content; undefined if it is not known. */
export function hashAt({ hashes }: OfferedFiles, index: number): string | undefined {
  const hash = hashes.slice(index * hashLength, (index + 1) * hashLength);
  return hash === "" || hash === noHash ? undefined : hash;
}

/** Adds the hashes of an earlier list to files that BuildKit didn't request, because it had them from then. */
export function withEarlierHashes(files: OfferedFiles, earlier: OfferedFiles): OfferedFiles {
  const indexes = new Map(earlier.paths.map((path, i) => [path, i]));
  const hashes = files.paths.map((path, i) => {
    const before = indexes.get(path) ?? -1;
    const isSame = files.sizes[i] === earlier.sizes[before] && files.times[i] === earlier.times[before];
    return hashAt(files, i) ?? (isSame ? hashAt(earlier, before) : undefined) ?? noHash;
  });
  return { ...files, hashes: hashes.join("") };
}
