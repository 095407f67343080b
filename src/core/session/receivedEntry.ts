import type { Stat } from "../transport/proto/wire.pb";
import { goMode } from "./packet";

/** Something of an exported folder, as the daemon tells it. */
export interface ReceivedEntry {
  /** As the daemon wrote it: not to be trusted. */
  path: string;
  kind: "file" | "directory" | "symlink" | "other";
  /** 0–0o7777. */
  mode: number;
  mtimeMs: number;
  /** What a symlink points at; for a file, the path of the one before that it is a hard link to. */
  linkTarget: string;
}

/** Converts an entry of the list that precedes the files. */
export function receivedEntry({ path, mode, modTime, linkname }: Stat): ReceivedEntry {
  return { path, ...modeOf(mode), mtimeMs: Number(modTime) / 1e6, linkTarget: linkname };
}

function modeOf(mode: number): Pick<ReceivedEntry, "kind" | "mode"> {
  const has = (bits: number): boolean => (mode & bits) !== 0;
  const kind = has(goMode.directory)
    ? "directory"
    : has(goMode.symlink)
      ? "symlink"
      : has(goMode.type)
        ? "other"
        : "file";
  const special =
    (has(goMode.setuid) ? 0o4000 : 0) | (has(goMode.setgid) ? 0o2000 : 0) | (has(goMode.sticky) ? 0o1000 : 0);
  return { kind, mode: (mode & 0o777) | special };
}
