import { basename, dirname, resolve } from "node:path";
import type { Writable } from "node:stream";
import { silentLog, type Log } from "../../base/log";
import { writeTar } from "./archive";
import { paced } from "../../base/batches";
import { contextEntries, remarkOn } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import type {
  ArchiveOptions,
  ArchiveReport,
  BuildContextOptions,
  ContextDescription,
  EntriesOptions,
} from "./contextOptions";
import type { IgnoreList } from "../dockerignore/ignoreList";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";
import { ExtraFiles, type ExtraFile, type FileSource, type OverlaidFile } from "./extraFiles";
import { withHardLinks } from "./hardLinks";
import { throwFault } from "./faults";
import { asHashed, type HashedContext } from "./hashedEntries";
import { findIgnoreFile, openFound, readIgnoreList, withIgnoreFile } from "./ignoreFile";
import { mergeExtraFiles, type EntryBatch } from "./mergeExtraFiles";
import { realFolder, type RealFolder } from "./realFolder";
import type { OpenFile } from "./readRegularFile";
import { asReviewed } from "./reviewedEntries";
import { sizeWarning } from "./sizeWarning";
import { TarPacker } from "./tarPacker";
import { walk, type Found, type FoundEntry } from "./walk";

type FolderOptions = Pick<EntriesOptions, "scope" | "keepsFaults"> &
  Required<Pick<EntriesOptions, "builder" | "order">>;

/** Folder as a builder sees it: without what its ignore file excludes, and with extra files. */
export class BuildContext {
  /** Absolute path, or undefined for a context of extra files only. */
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

  /** Root as it was when it was first opened, and nothing else is listed; undefined if it could not be opened. */
  get rootFolder(): RealFolder | undefined {
    return this.#rootFolder;
  }

  /**
   * Ignore file that applies: the given one even if it is missing, otherwise `<Dockerfile>.dockerignore`, otherwise
   * `.dockerignore` in the root; undefined if neither exists.
   */
  get dockerignoreFile(): string | undefined {
    return this.#ignoreFile(this.#builder);
  }

  /**
   * Lists what `COPY . /` copies, without extra files: absolute paths on disk by their paths in the archive. A folder
   * has an entry, with a trailing slash, only if nothing in it is listed.
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
   * Adds a file, from a path that must exist or from `{ content }`, with mode 0644. It replaces a file of the folder.
   *
   * @throws ImageBuilderError `contextUnreadable`, `optionInvalid`
   */
  addFile(source: FileSource, destination: string): void {
    this.#extraFiles.addFile(source, destination);
  }

  /**
   * Adds every file in a folder and its subfolders; links stay links.
   *
   * @throws ImageBuilderError `contextUnreadable`, `optionInvalid`
   */
  addDirectory(source: string, destination: string): void {
    this.#extraFiles.addDirectory(source, destination);
  }

  /**
   * Adds files, links, and empty folders by destination, without checking whether they exist.
   *
   * @throws ImageBuilderError `optionInvalid`
   */
  addAll(files: ReadonlyMap<string, ExtraFile>): void {
    this.#extraFiles.addAll(files);
  }

  /** Returns a copy of the added files, by destination. */
  getExtraFiles(): Map<string, ExtraFile> {
    return this.#extraFiles.files;
  }

  /**
   * Lists everything that is sent, including folders and extra files, in batches of at most about 250. In path order,
   * extra files come last, in the order in which they were added.
   *
   * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`, `contextChanged`; the signal's reason
   */
  entries(options: EntriesOptions = {}): AsyncGenerator<readonly ContextEntry[]> {
    const { order = "tree", builder = this.#builder, sliceMs, signal } = options;
    const folder = this.#entries({ ...options, builder, order });
    return paced(mergeExtraFiles(folder, this.#extraFiles, order), signal, sliceMs);
  }

  /** Describes the context for another thread; returns undefined for a subclass that overrides `entries`. */
  describe(): ContextDescription | undefined {
    if (this.entries !== BuildContext.prototype.entries) return undefined;
    // A log can't be copied.
    return {
      ...this.#options,
      log: undefined,
      extraFiles: this.#extraFiles.files,
      extraPlaces: this.#extraFiles.places,
      rootFolder: this.#rootFolder,
    };
  }

  /** Creates the described context. */
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
   * Writes what is sent as a tar archive: the folder's entries sorted by path, then extra files, all owned by 0:0.
   * Resolves when `output` has accepted everything; the caller ends `output`. A file that grows in the meantime is cut
   * at its listed size.
   *
   * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`, `contextChanged`; errors of `output`; the
   * signal's reason
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
    // The bytes of an upload must depend only on the files' content, not on hard links on the disk.
    const entries = paced(mtime === "keep" ? withHardLinks(merged) : merged, signal);
    const sentBytes = await writeTar(entries, packer, output, { gzip, signal, onBytes });

    const warning =
      this.root === undefined || this.#ignoreFile(builder) !== undefined
        ? undefined
        : sizeWarning(sentBytes, this.root);
    if (warning) this.#log.warn(warning);
    return { files: packer.files, bytes: packer.totalBytes, skipped };
  }

  /** Lists the folder's entries, without those that have vanished or that no builder supports. */
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
      open: builder === "buildkit" && file !== this.#options.dockerignoreFile ? this.#openFound(file) : undefined,
      alwaysInclude: this.#alwaysInclude,
      warn: (message) => this.#tell("warn", message),
    });
  }

  /** The rules of BuildKit's folder are those of a file in the folder, whatever its link leads to on this machine. */
  #openFound(file: string): OpenFile {
    const folder = dirname(file);
    return () =>
      openFound(
        (folder === this.root ? this.#rootFolder : undefined)?.realPath ?? realFolder(folder).realPath,
        basename(file),
      );
  }

  /** One build iterates over a context several times, but logs each message once. */
  #tell(level: "info" | "warn", message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#log[level](message);
  }

  #ignoreFile(builder: ContextBuilder): string | undefined {
    return findIgnoreFile({ ...this.#options, root: this.root, builder });
  }
}

/** Returns undefined for a folder that can't be opened; iterating over the context reports the error. */
function existingFolder(root: string | undefined): RealFolder | undefined {
  try {
    return root === undefined ? undefined : realFolder(root);
  } catch {
    return undefined;
  }
}
