import { lstatSync, readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isThere } from "../../base/contactedHost";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../base/errors";
import { IgnoreList, InvalidPatternError } from "../dockerignore/ignoreList";
import {
  isUtf16,
  parseIgnoreFile,
  parsePattern,
  type ContextBuilder,
  type IgnorePattern,
  type IgnoreProblem,
} from "../dockerignore/parseIgnoreFile";
import { openInPlace, readRegularFile, type OpenFile } from "./readRegularFile";

/** Paths that determine a context's ignore file. */
export interface IgnoreFilePlaces {
  readonly root?: string;
  /** Absolute path; default is `Dockerfile` in the root. */
  readonly dockerfile?: string;
  /** Used as it is, even if it is missing. */
  readonly dockerignoreFile?: string;
  /** Whether the context is a named one, to which the Dockerfile's own ignore file doesn't apply. */
  readonly isNamed?: boolean;
  readonly builder: ContextBuilder;
}

/**
 * Returns the ignore file that applies: the explicit one, the Dockerfile's own, or the folder's; undefined if there is
 * none.
 *
 * @throws ImageBuilderError `contextUnreadable`
 */
export function findIgnoreFile({
  root,
  dockerfile,
  dockerignoreFile,
  isNamed,
  builder,
}: IgnoreFilePlaces): string | undefined {
  if (dockerignoreFile) return dockerignoreFile;
  const beside = dockerfile || (root === undefined ? undefined : join(root, "Dockerfile"));
  const candidates = [
    beside && !isNamed && [dirname(beside), `${basename(beside)}.dockerignore`],
    root !== undefined && [root, ".dockerignore"],
  ];
  for (const candidate of candidates) {
    const [folder, name] = candidate || [];
    if (folder !== undefined && name !== undefined && isSeen(folder, name, builder)) return join(folder, name);
  }
  return undefined;
}

/** Options for reading an ignore file. */
export interface ReadOptions {
  readonly builder: ContextBuilder;
  /** Paths that are added after the file's rules as exceptions. */
  readonly alwaysInclude: readonly string[];
  /** Patterns before the file's lines, which may make exceptions to them. */
  readonly before?: readonly IgnorePattern[];
  readonly warn: (message: string) => void;
  /** Opens the file, for one that must not be any other; default is to follow links. */
  readonly open?: OpenFile;
}

/**
 * Reads an ignore file; returns undefined and warns if it is missing.
 *
 * @throws ImageBuilderError `dockerignoreInvalid` with the line's location, `contextUnreadable`
 */
export function readIgnoreList(
  file: string,
  { builder, alwaysInclude, before = [], warn, open }: ReadOptions,
): IgnoreList | undefined {
  const bytes = readBytes(file, open);
  if (!bytes) {
    warn(`Unable to find dockerignore file at path '${file}': no files are excluded from the build context.`);
    return undefined;
  }
  if (isUtf16(bytes))
    warn(`The ignore file "${file}" is encoded in UTF-16, so Docker excludes no files. Save it as UTF-8.`);
  const { patterns, problems } = parseIgnoreFile(bytes, builder);
  const [problem] = problems;
  if (problem) throw ignoreFileInvalid(file, problem);
  return new IgnoreList(
    [...before, ...patterns, ...alwaysInclude.flatMap((path) => exceptionFor(file, path))],
    builder,
  );
}

/** Returns the error of a walk; for an invalid rule, an error with the location in the ignore file. */
export function withIgnoreFile(error: unknown, file: string | undefined): unknown {
  return error instanceof InvalidPatternError
    ? ignoreFileInvalid(file ?? ".dockerignore", error.problem, error)
    : error;
}

function exceptionFor(file: string, path: string): IgnorePattern[] {
  const pattern = parsePattern(`!${path.replace(/^(\.?\/)+/, "")}`);
  if (pattern && "reason" in pattern) throw ignoreFileInvalid(file, pattern);
  return pattern ? [pattern] : [];
}

function ignoreFileInvalid(
  file: string,
  { line, column, text, reason, remedy }: IgnoreProblem,
  cause?: unknown,
): ImageBuilderError {
  const where = line === undefined ? "The list of always-included paths" : `Line ${line} of the ignore file "${file}"`;
  return new ImageBuilderError("dockerignoreInvalid", `${where} is invalid: ${reason}, in "${text}". ${remedy}`, {
    cause,
    location: line === undefined ? undefined : { file, line, column },
  });
}

function readBytes(file: string, open: OpenFile | undefined): Buffer | undefined {
  try {
    const read = readRegularFile(file, open);
    if (read) return read.bytes;
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(file, error);
  }
  throw new ImageBuilderError(
    "dockerignoreInvalid",
    `The ignore file "${file}" is not a file. Replace it with a file, or remove it.`,
    {
      location: { file, line: 1 },
    },
  );
}

function unreadable(file: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't read the ignore file "${file}" (${messageOf(cause)}). Change its permissions.`,
    { cause },
  );
}

/**
 * The classic builder opens anything that exists; BuildKit accepts only a file, or a link to a file within the folder.
 */
function isSeen(folder: string, name: string, builder: ContextBuilder): boolean {
  try {
    return builder === "buildkit" ? fileWithin(folder, name) !== undefined : isThere(join(folder, name));
  } catch (error) {
    throw unreadable(join(folder, name), error);
  }
}

/**
 * Opens an ignore file that was found in a folder as BuildKit does: a link leads to a file in the folder, also if its
 * target begins with a slash. Returns undefined if it is no longer there.
 *
 * @param folder path without links
 * @throws ImageBuilderError `contextChanged`; the system's errors
 */
export function openFound(folder: string, name: string): number | undefined {
  const file = fileWithin(folder, name);
  return file === undefined ? undefined : openInPlace(file);
}

/** Returns the file that a name leads to when links are resolved as if the folder were the root of the file system. */
function fileWithin(folder: string, name: string): string | undefined {
  const pending = [name];
  const walked: string[] = [];
  for (let links = 0; pending.length > 0;) {
    const part = pending.shift() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      walked.pop();
      continue;
    }
    const path = join(folder, ...walked, part);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return undefined;
    if (!stats.isSymbolicLink()) {
      if (pending.length === 0) return stats.isFile() ? path : undefined;
      walked.push(part);
      continue;
    }
    if (++links > 255) return undefined;
    const target = readlinkSync(path);
    if (target.startsWith("/")) walked.length = 0;
    pending.unshift(...target.split("/"));
  }
  return undefined;
}
