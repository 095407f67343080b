import type { Stat } from "../transport/proto/wire.pb";
import { goMode } from "./packet";

/** Entry of an exported folder, as sent by the daemon. */
export interface ReceivedEntry {
  /** Path as sent by the daemon, which is not trusted. */
  path: string;
  kind: "file" | "directory" | "symlink" | "other";
  /** Permission bits with setuid, setgid, and sticky: 0–0o7777. */
  mode: number;
  mtimeMs: number;
  /** Target of a symlink; for a hard link, the path of the earlier entry of the same file; otherwise empty. */
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
