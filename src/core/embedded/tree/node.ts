import type { ContextEntry } from "../../context/files/contextEntry";
import type { ImageBuilderError } from "../../base/errors";

/** A tar that files are taken out of: a layer of a base image, or an archive that ADD unpacks. */
export interface TarSource {
  /** Tells it from others, for messages. */
  readonly name: string;
  /** Identifies its bytes, such as a digest; undefined if they are not known. */
  readonly id?: string;
  /** Opens it from its beginning, unpacked. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Buffer>;
}

/** Source of a file's bytes. */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "listed"; readonly entry: ContextEntry }
  /** `index` counts the members of the tar from 0. */
  | { readonly kind: "member"; readonly source: TarSource; readonly index: number };

/** Attributes of files and folders. */
interface Metadata {
  /** 0–0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, or `justNow`. */
  readonly mtime: number;
  readonly xattrs?: Xattrs;
}

/** Extended attributes, by name. */
type Xattrs = ReadonlyMap<string, Buffer>;

/** A file, link, pipe or device. Names of one object are hard links, so it is replaced and never changed. */
export interface Leaf extends Metadata {
  readonly kind: "file" | "symlink" | "fifo" | "character" | "block";
  readonly sizeBytes: number;
  readonly content?: Content;
  /** Of a symlink, as it is written. */
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Reason why it can't be read; matters only if it is copied. */
  readonly fault?: ImageBuilderError;
}

/** A folder; each tree has its own. */
export interface Folder extends Metadata {
  readonly kind: "directory";
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  xattrs?: Xattrs;
  readonly children: Map<string, Node>;
  /** Reason why its content can't be listed; matters only if it is copied. */
  fault?: ImageBuilderError;
}

/** A node of a file tree. */
export type Node = Leaf | Folder;

/** Placeholder for the time of the build until the layer is finished. */
export const justNow = Number.POSITIVE_INFINITY;

/** Makes an empty folder. */
export function newFolder({ mode = 0o755, uid = 0, gid = 0, mtime = justNow }: Partial<Folder> = {}): Folder {
  return { kind: "directory", mode, uid, gid, mtime, children: new Map() };
}
