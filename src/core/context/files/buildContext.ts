import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { silentLog, type Log } from "../../base/log";
import { writeTar, type ArchiveTransport } from "./archive";
import { paced } from "../../base/batches";
import { contextEntries, remarkOn } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import type { IgnoreList } from "../dockerignore/ignoreList";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";
import { ExtraFiles, type ExtraFile, type FileSource, type OverlaidFile } from "./extraFiles";
import { withHardLinks } from "./hardLinks";
import { throwFault } from "./faults";
import { asHashed, type HashedContext } from "./hashedEntries";
import { findIgnoreFile, readIgnoreList, withIgnoreFile } from "./ignoreFile";
import { mergeExtraFiles, type EntryBatch } from "./mergeExtraFiles";
import type { EntryOrder } from "./pathOrder";
import type { PathScope } from "./pathScope";
import { realFolder, type RealFolder } from "./realFolder";
import { asReviewed, type ReviewedEntries } from "./reviewedEntries";
import { sizeWarning } from "./sizeWarning";
import { TarPacker } from "./tarPacker";
import { walk, type Found, type FoundEntry } from "./walk";

/** What a context is made of. */
export interface BuildContextOptions {
  /** The folder that is built; without it only extra files are sent. */
  readonly root?: string;
  /**
   * Tells the context from others; default is the root. Between builds of the same, files of equal path, size and time
   * are taken for equal, so one without a root needs it.
   */
  readonly key?: string;
  /** Absolute path; decides which ignore file applies. Default is `Dockerfile` in the root. */
  readonly dockerfile?: string;
  /** The ignore file to use, instead of the Dockerfile's own or the folder's. */
  readonly dockerignoreFile?: string;
  /** Whether it is a named context of a build, which only the ignore file in its root is for. */
  readonly isNamed?: boolean;
  /** What no ignore file keeps out, as if lines with `!` ended it. Default is `.zen`. */
  readonly alwaysInclude?: readonly string[];
  /** Whose rules decide what is kept out. Default is `buildkit`. */
  readonly builder?: ContextBuilder;
  /** What of the folder was hashed, by those rules: nothing else is sent. */
  readonly hashed?: HashedContext;
  readonly log?: Log;
}

/** A context as it can be copied to another thread. */
export interface ContextDescription extends BuildContextOptions {
  readonly log?: undefined;
  readonly extraFiles: ReadonlyMap<string, ExtraFile>;
  /** Where those on disk really were when they were added. */
  readonly extraPlaces: ReadonlyMap<string, string>;
  /** Which folder the root was when it was chosen. */
  readonly rootFolder?: RealFolder;
}

/** How to go through a context. */
export interface EntriesOptions {
  /** Default is `tree`. */
  readonly order?: EntryOrder;
  /** Instead of the context's own. */
  readonly builder?: ContextBuilder;
  /** After how long other work gets its turn; default is 10. */
  readonly sliceMs?: number;
  /** The part of the folder that is wanted: nothing else of it is looked at. Default is everything. */
  readonly scope?: PathScope;
  /** Whether what cannot be sent comes with its `fault`. Default is to throw the first fault. */
  readonly keepsFaults?: boolean;
  readonly signal?: AbortSignal;
}

type FolderOptions = Pick<EntriesOptions, "scope" | "keepsFaults"> &
  Required<Pick<EntriesOptions, "builder" | "order">>;

/** How to write an archive. */
export interface ArchiveOptions extends Partial<ArchiveTransport> {
  /** Whether modification times are kept or, by default, all zero, so that equal folders give equal bytes. */
  readonly mtime?: "zero" | "keep";
  readonly builder?: ContextBuilder;
  /** Files that are added to this archive only, over extra files and the folder's, by path. */
  readonly overlay?: ReadonlyMap<string, OverlaidFile>;
  /** What was looked at before: nothing else of the folder is sent. */
  readonly reviewed?: ReviewedEntries;
}

/** What an archive holds. */
export interface ArchiveReport {
  /** Files, links and pipes; folders do not count. */
  readonly files: number;
  /** The length of the tar before it was packed. */
  readonly bytes: number;
  /** What no builder takes: sockets and devices. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** A folder as a builder gets to see it: what its ignore file keeps out is not there, extra files are. */
export class BuildContext {
  /** Absolute path. */
  readonly root: string | undefined;
  readonly key: string;
  readonly hashed: HashedContext | undefined;
  readonly #options: BuildContextOptions;
  readonly #builder: ContextBuilder;
  readonly #alwaysInclude: readonly string[];
  readonly #log: Log;
  readonly #told = new Set<string>();
  readonly #extraFiles = new ExtraFiles();
  #rootFolder: RealFolder | undefined;

  constructor(options: BuildContextOptions = {}) {
    this.#options = options;
    this.root = options.root === undefined ? undefined : resolve(options.root);
    this.key = options.key ?? this.root ?? "";
    this.hashed = options.hashed;
    this.#builder = options.builder ?? "buildkit";
    this.#alwaysInclude = options.alwaysInclude ?? [".zen"];
    this.#log = options.log ?? silentLog;
    this.#rootFolder = existingFolder(this.root);
  }

  /**
   * The ignore file that applies: the given one even if it is missing, else `<Dockerfile>.dockerignore`, else
   * `.dockerignore` in the root.
   */
  get dockerignoreFile(): string | undefined {
    return this.#ignoreFile(this.#builder);
  }

  /**
   * What `COPY . /` would see, extra files aside: paths in the archive with their absolute paths on disk. A folder has
   * an entry, with a trailing slash, only if it stays empty.
   *
   * @throws ImageBuilderError `dockerignoreInvalid` with the line's location, `contextUnreadable`
   */
  async getFiles({ builder = this.#builder, signal }: Pick<EntriesOptions, "builder" | "signal"> = {}): Promise<
    Map<string, string>
  > {
    const files = new Map<string, string>();
    let folder: FoundEntry | undefined;
    const keepEmpty = (next?: FoundEntry): void => {
      if (folder && !next?.path.startsWith(`${folder.path}/`)) files.set(`${folder.path}/`, folder.absolutePath);
    };
    for await (const batch of paced(this.#find({ builder, order: "tree" }), signal)) {
      for (const found of batch) {
        if (found.kind === "socket" || found.kind === "device") continue;
        keepEmpty(found);
        folder = found.kind === "directory" ? found : undefined;
        if (!folder) files.set(found.path, found.absolutePath);
      }
    }
    keepEmpty();
    return files;
  }

  /**
   * Adds a file, over one of the folder's: a path that must exist, or `{ content }`. Its mode is 0644.
   *
   * @throws ImageBuilderError `contextUnreadable`, `optionInvalid`
   */
  addFile(source: FileSource, destination: string): void {
    this.#extraFiles.addFile(source, destination);
  }

  /**
   * Adds every file below a folder, links as links.
   *
   * @throws ImageBuilderError `contextUnreadable`, `optionInvalid`
   */
  addDirectory(source: string, destination: string): void {
    this.#extraFiles.addDirectory(source, destination);
  }

  /**
   * Adds files, links and empty folders by their destinations, without looking whether they are there yet.
   *
   * @throws ImageBuilderError `optionInvalid`
   */
  addAll(files: ReadonlyMap<string, ExtraFile>): void {
    this.#extraFiles.addAll(files);
  }

  /** A copy of what was added, by destination. */
  getExtraFiles(): Map<string, ExtraFile> {
    return this.#extraFiles.files;
  }

  /**
   * Everything that is sent, folders and extra files included, in batches of no more than some 250. In path order extra
   * files come last, in the order of adding.
   *
   * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`, `contextChanged`; the signal's reason
   */
  entries(options: EntriesOptions = {}): AsyncGenerator<readonly ContextEntry[]> {
    const { order = "tree", builder = this.#builder, sliceMs, signal } = options;
    const folder = this.#entries({ ...options, builder, order });
    return paced(mergeExtraFiles(folder, this.#extraFiles, order), signal, sliceMs);
  }

  /**
   * All that another thread needs to go through it likewise; nothing for a subclass that goes through it in a way of
   * its own.
   */
  describe(): ContextDescription | undefined {
    if (this.entries !== BuildContext.prototype.entries) return undefined;
    // A log cannot be copied.
    return {
      ...this.#options,
      log: undefined,
      extraFiles: this.#extraFiles.files,
      extraPlaces: this.#extraFiles.places,
      rootFolder: this.#rootFolder,
    };
  }

  /** The context that was described. */
  static from({ extraFiles, extraPlaces, rootFolder, ...options }: ContextDescription, log: Log): BuildContext {
    const context = new BuildContext({ ...options, log });
    context.#rootFolder = rootFolder;
    for (const [path, file] of extraFiles)
      context.#extraFiles.addAll(
        new Map([[path, "content" in file ? { content: Buffer.from(file.content) } : file]]),
        extraPlaces,
      );
    return context;
  }

  /**
   * Writes what is sent as a tar: the folder's entries sorted by path, then extra files, all owned by 0:0. Resolves
   * when `output` has taken it all; ending `output` is left to the caller. A file that grows meanwhile is cut where it
   * ended.
   *
   * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`, `contextChanged`; what `output` fails with;
   * the signal's reason
   */
  async writeArchive(output: Writable, options: ArchiveOptions = {}): Promise<ArchiveReport> {
    const {
      gzip = true,
      mtime = "zero",
      builder = this.#builder,
      overlay = new Map<string, OverlaidFile>(),
      reviewed,
      signal,
      onBytes,
    } = options;
    const skipped: { path: string; reason: string }[] = [];
    const extraFiles = this.#extraFiles.with(overlay);
    const packer = new TarPacker(
      ({ path, mtimeMs }) =>
        mtime === "zero" ? 0 : (overlay.get(path)?.mtimeMs ?? (extraFiles.has(path) ? 0 : mtimeMs)),
      (path) =>
        this.#tell(
          "warn",
          `The file "${path}" grew while it was being read. The archive contains it up to its previous size.`,
        ),
    );
    const folder = this.#entries({ builder, order: "path" }, ({ path }, reason) => skipped.push({ path, reason }));
    const merged = mergeExtraFiles(
      asReviewed(folder, reviewed, (entry) => this.#extraFiles.replaces(entry)),
      extraFiles,
      "path",
    );
    // An upload's bytes are to depend on what files hold, not on how the disk shares it.
    const entries = paced(mtime === "keep" ? withHardLinks(merged) : merged, signal);
    const sentBytes = await writeTar(entries, packer, output, { gzip, signal, onBytes });

    const warning =
      this.root === undefined || this.#ignoreFile(builder) !== undefined
        ? undefined
        : sizeWarning(sentBytes, this.root);
    if (warning) this.#log.warn(warning);
    return { files: packer.files, bytes: packer.totalBytes, skipped };
  }

  /** The folder's own entries, without what has vanished or what no builder takes. */
  #entries(options: FolderOptions, onSkipped?: (found: FoundEntry, reason: string) => void): Iterable<EntryBatch> {
    const all = this.#listed(options, onSkipped);
    return this.hashed ? asHashed(all, this.hashed, options.scope) : all;
  }

  *#listed(options: FolderOptions, onSkipped?: (found: FoundEntry, reason: string) => void): Generator<EntryBatch> {
    for (const batch of this.#find(options)) {
      for (const found of batch ?? []) {
        const remark = remarkOn(found);
        if (!remark) continue;
        this.#tell("warn", remark);
        if (found.kind !== "fifo") onSkipped?.(found, remark);
      }
      const entries = contextEntries(batch ?? []);
      if (!options.keepsFaults) throwFault(entries);
      yield entries;
    }
  }

  *#find({ builder: wanted, ...options }: FolderOptions): Generator<Found> {
    if (this.root === undefined) return;
    const builder = this.hashed ? this.#builder : wanted;
    const file = this.#ignoreFile(builder);
    this.#rootFolder ??= existingFolder(this.root);
    const ignoreList = this.#ignoreList(file, builder);
    try {
      yield* walk(this.root, { ...options, rootFolder: this.#rootFolder, ignoreList });
    } catch (error) {
      throw withIgnoreFile(error, file);
    }
  }

  #ignoreList(file: string | undefined, builder: ContextBuilder): IgnoreList | undefined {
    if (file === undefined) {
      this.#tell("info", "No `.dockerignore` found, including all files inside build context.");
      return undefined;
    }
    return readIgnoreList(file, {
      builder,
      alwaysInclude: this.#alwaysInclude,
      warn: (message) => this.#tell("warn", message),
    });
  }

  /** A context is gone through more than once for one build, but says a thing once. */
  #tell(level: "info" | "warn", message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#log[level](message);
  }

  #ignoreFile(builder: ContextBuilder): string | undefined {
    return findIgnoreFile({ ...this.#options, root: this.root, builder });
  }
}

/** Nothing for a folder that cannot be opened, which is told when it is gone through. */
function existingFolder(root: string | undefined): RealFolder | undefined {
  try {
    return root === undefined ? undefined : realFolder(root);
  } catch {
    return undefined;
  }
}
