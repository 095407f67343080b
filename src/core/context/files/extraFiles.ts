import { createHash } from "node:crypto";
import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { contextEntry, fileChanged } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import { cleanPath } from "../../base/goText";
import type { Stamp } from "./fileStamp";
import { stampedEntry } from "./stampedEntry";
import { compareTree, type EntryOrder } from "./pathOrder";
import { walk } from "./walk";

/**
 * A file that is added to a context: one on disk by its absolute path, or bytes. A link stays one; the mode is 0644
 * unless it is given. What has a stamp is refused once it is another.
 */
export type ExtraFile =
  | { readonly path: string; readonly mode?: number; readonly stamp?: Stamp }
  | { readonly content: Buffer; readonly mode?: number };

/** File that is added to one archive. */
export interface OverlaidFile {
  readonly content: Buffer;
  /** Default is 0644. */
  readonly mode?: number;
  /** Modification time in milliseconds since 1970; default is 0. */
  readonly mtimeMs?: number;
}

/** Source of an added file: a path, or content as text or bytes. A plain string is a path. */
export type FileSource = string | { readonly path: string } | { readonly content: string | Buffer };

/** Files added to a context, by destination. An added file replaces the folder's entry with the same path. */
export class ExtraFiles {
  readonly #files = new Map<string, ExtraFile>();
  /** Real paths that the files on disk had when they were added, by destination. */
  readonly #places = new Map<string, string>();
  /** Folders above the files. */
  readonly #folders = new Set<string>();

  /** Copy of the files, by destination. */
  get files(): Map<string, ExtraFile> {
    return new Map(this.#files);
  }

  /** Real paths that the files on disk had when they were added, by destination. */
  get places(): Map<string, string> {
    return new Map(this.#places);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Returns a copy with additional files, which replace those with the same path. */
  with(others: ReadonlyMap<string, OverlaidFile>): ExtraFiles {
    const both = new ExtraFiles();
    for (const [path, file] of this.#files) both.#add(path, file, this.#places.get(path));
    both.addAll(others);
    return both;
  }

  /**
   * Adds one file. @throws ImageBuilderError `contextUnreadable` if there is no such file, `optionInvalid` for an
   * invalid destination
   */
  addFile(source: FileSource, destination: string): void {
    const path = destinationPath(destination);
    if (path === ".") throw destinationInvalid(destination, "it does not name a file");
    this.#add(
      path,
      typeof source === "object" && "content" in source
        ? { content: Buffer.from(source.content) }
        : { path: existingFile(source) },
    );
  }

  /**
   * Adds files without checking whether they exist.
   *
   * @param places real paths by destination, if they are already known
   * @throws ImageBuilderError `optionInvalid` for an invalid destination
   */
  addAll(files: ReadonlyMap<string, ExtraFile>, places?: ReadonlyMap<string, string>): void {
    for (const [destination, file] of files) this.#add(destinationPath(destination), file, places?.get(destination));
  }

  /**
   * Adds every file in a folder and its subfolders. Links stay links; other kinds of entries and folders without files
   * are omitted.
   *
   * @throws ImageBuilderError `contextUnreadable` if there is no such folder, `optionInvalid` for an invalid
   * destination
   */
  addDirectory(source: string, destination: string): void {
    const path = destinationPath(destination);
    const folder = resolve(source);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ImageBuilderError(
        "contextUnreadable",
        `Can't add directory "${source}": it does not exist or is not a directory. Specify an existing folder.`,
      );
    }
    for (const batch of walk(folder, { order: "path" })) {
      for (const found of batch ?? []) {
        if (found.kind !== "file" && found.kind !== "symlink") continue;
        this.#add(
          cleanPath(`${path}/${found.path}`),
          { path: found.absolutePath },
          found.realPath ?? found.absolutePath,
        );
      }
    }
  }

  /** Whether an added file replaces an entry of the folder. */
  replaces({ path, kind }: Pick<ContextEntry, "path" | "kind">): boolean {
    if (this.#files.size === 0) return false;
    if (this.#files.has(path) || (kind !== "directory" && this.#folders.has(path))) return true;
    return [...parentsOf(path)].some((parent) => this.#files.has(parent));
  }

  /**
   * Returns the entries to send: in the order in which they were added, or in tree order with the folders above them.
   *
   * @throws ImageBuilderError `contextChanged`, `contextUnreadable`
   */
  entries(order: EntryOrder): ContextEntry[] {
    const files = Array.from(this.#files, ([path, file]) => extraEntry(path, file, this.#places.get(path)));
    if (order === "path") return files;
    const folders = Array.from(this.#folders, (path): ContextEntry => ({
      path,
      kind: "directory",
      mode: 0o755,
      sizeBytes: 0,
      mtimeMs: 0,
    }));
    return [...files, ...folders].sort((a, b) => compareTree(a.path, b.path));
  }

  #add(path: string, file: ExtraFile, place?: string): void {
    const parents = [...parentsOf(path)];
    const above = parents.find((parent) => this.#files.has(parent));
    if (above !== undefined) throw destinationInvalid(path, `"${above}" was added as a file`);
    if (this.#folders.has(path)) throw destinationInvalid(path, "files were added below it");
    this.#files.set(path, file);
    this.#places.delete(path);
    if ("path" in file) this.#places.set(path, place ?? listedPlaces.get(file) ?? realPlace(file.path));
    for (const parent of parents) this.#folders.add(parent);
  }
}

/** Stored separately, because callers write and compare the file objects. */
const listedPlaces = new WeakMap<ExtraFile, string>();

/** Records the real path of a file that a walk has found, so the file is sent from there even if links change later. */
export function listedFile(file: ExtraFile & { readonly path: string }, realPath: string): ExtraFile {
  listedPlaces.set(file, realPath);
  return file;
}

/** Real path of a file, from which alone it is sent. */
export function listedPlace(file: ExtraFile): string | undefined {
  return listedPlaces.get(file);
}

/**
 * Resolves links in the folders above a path, but not the path itself, which may be an added link. Returns a path that
 * doesn't exist yet unchanged.
 */
function realPlace(path: string): string {
  try {
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

/** Yields the folders above a path, outermost first. */
function* parentsOf(path: string): Generator<string> {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) yield path.slice(0, slash);
}

function existingFile(source: string | { readonly path: string }): string {
  const path = typeof source === "string" ? source : source.path;
  let reason = "it is not a file";
  try {
    if (statSync(path).isFile()) return realpathSync(path);
  } catch (error) {
    reason = messageOf(error);
  }
  throw new ImageBuilderError(
    "contextUnreadable",
    `Can't add the file "${path}" to the build context (${reason}). ` +
      "Specify the path of a file, or bytes as { content }.",
  );
}

function extraEntry(path: string, file: ExtraFile, place?: string): ContextEntry {
  if ("content" in file)
    return {
      path,
      kind: "file",
      mode: file.mode ?? 0o644,
      sizeBytes: file.content.length,
      mtimeMs: contentTime(file.content),
      content: file.content,
    };
  const realPath = place === undefined || place === file.path ? undefined : place;
  const kind = lstatSync(realPath ?? file.path, { throwIfNoEntry: false })?.isSymbolicLink() ? "symlink" : "file";
  const entry = contextEntry({ path, absolutePath: file.path, realPath, kind });
  if (!entry) throw fileChanged(path, `has been removed from "${file.path}" since it was added`);
  const stamped = file.stamp ? stampedEntry(entry, file.stamp) : entry;
  return stamped.kind === "symlink"
    ? stamped
    : { ...stamped, mode: file.mode ?? (stamped.kind === "file" ? 0o644 : stamped.mode) };
}

/** BuildKit treats files of equal size and time as equal, so the time is derived from the content. */
function contentTime(content: Buffer): number {
  return createHash("sha256").update(content).digest().readUInt32BE() * 1000;
}

function destinationPath(destination: string): string {
  const path = sep === "\\" ? destination.replaceAll("\\", "/") : destination;
  if (path.startsWith("/") || (sep === "\\" && /^[A-Za-z]:/.test(path)))
    throw destinationInvalid(destination, "it is an absolute path");
  if (path.includes("\0")) throw destinationInvalid(destination, "it contains a NUL character");
  const cleaned = cleanPath(path);
  if (cleaned === ".." || cleaned.startsWith("../"))
    throw destinationInvalid(destination, "it is outside the build context");
  return cleaned;
}

function destinationInvalid(destination: string, reason: string): ImageBuilderError {
  return new ImageBuilderError(
    "optionInvalid",
    `Can't add files to the build context as "${destination}", because ${reason}. ` +
      "Use a path relative to the root of the build context.",
  );
}
