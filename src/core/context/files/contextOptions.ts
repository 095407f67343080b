import type { Log } from "../../base/log";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";
import type { ArchiveTransport } from "./archive";
import type { ExtraFile, OverlaidFile } from "./extraFiles";
import type { HashedContext } from "./hashedEntries";
import type { EntryOrder } from "./pathOrder";
import type { PathScope } from "./pathScope";
import type { RealFolder } from "./realFolder";
import type { ReviewedEntries } from "./reviewedEntries";

/** Options of a build context. */
export interface BuildContextOptions {
  /** Folder to build; if undefined, only extra files are sent. */
  readonly root?: string;
  /**
   * Identifies the context; default is the root. BuildKit treats files of the same context with equal path, size, and
   * time as equal between builds, so a context without a root needs a key.
   */
  readonly key?: string;
  /** Absolute path, which determines the ignore file that applies. Default is `Dockerfile` in the root. */
  readonly dockerfile?: string;
  /** Ignore file to use instead of the Dockerfile's own or the folder's. */
  readonly dockerignoreFile?: string;
  /** Whether this is a named context of a build, to which only the ignore file in its root applies. */
  readonly isNamed?: boolean;
  /** Paths that no ignore file excludes, as if it ended with `!` lines for them. Default is `.zen`. */
  readonly alwaysInclude?: readonly string[];
  /** Builder whose rules decide what is excluded. Default is `buildkit`. */
  readonly builder?: ContextBuilder;
  /** What of the folder was hashed, by those rules: nothing else is sent. */
  readonly hashed?: HashedContext;
  readonly log?: Log;
}

/** Description of a context that can be copied to another thread. */
export interface ContextDescription extends BuildContextOptions {
  readonly log?: undefined;
  readonly extraFiles: ReadonlyMap<string, ExtraFile>;
  /** Real paths that the files on disk had when they were added, by destination. */
  readonly extraPlaces: ReadonlyMap<string, string>;
  /** Root folder as it was when it was chosen; undefined if it could not be opened. */
  readonly rootFolder?: RealFolder;
}

/** Options for iterating over a context. */
export interface EntriesOptions {
  /** Default is `tree`. */
  readonly order?: EntryOrder;
  /** Replaces the context's own builder. */
  readonly builder?: ContextBuilder;
  /** Milliseconds until other work gets a turn; default is 10. */
  readonly sliceMs?: number;
  /** Part of the folder to list; nothing outside it is read. Default is everything. */
  readonly scope?: PathScope;
  /** Whether entries that can't be sent are returned with their `fault`. Default is to throw the first fault. */
  readonly keepsFaults?: boolean;
  readonly signal?: AbortSignal;
}

/** Options for an archive of a context. */
export interface ArchiveOptions extends Partial<ArchiveTransport> {
  /**
   * Whether to keep modification times or to set all of them to zero (the default), so equal folders produce equal
   * bytes.
   */
  readonly mtime?: "zero" | "keep";
  readonly builder?: ContextBuilder;
  /** Files that are added to this archive only, by path; they replace extra files and the folder's files. */
  readonly overlay?: ReadonlyMap<string, OverlaidFile>;
  /** Entries that were reviewed before the upload: nothing else of the folder is sent. */
  readonly reviewed?: ReviewedEntries;
}

/** Contents of an archive. */
export interface ArchiveReport {
  /** Number of files, links, and pipes, without folders. */
  readonly files: number;
  /** Size of the uncompressed tar in bytes. */
  readonly bytes: number;
  /** Sockets and devices, which no builder supports. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}
