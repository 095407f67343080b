import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Runs work as on Windows and macOS: without the path of an open file and, as on Windows, without the flag that keeps a
 * link from being opened. Everything else is the real file system.
 */
export async function withoutNoFollow<Result>(work: () => Promise<Result>): Promise<Result> {
  const { openSync, constants } = fs;
  const platform = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
  Object.defineProperty(process, "platform", { ...platform, value: "freebsd" });
  const following = (path: fs.PathLike, flags: fs.OpenMode = "r", mode?: fs.Mode): number =>
    openSync(path, typeof flags === "number" ? flags & ~constants.O_NOFOLLOW : flags, mode);
  Object.assign(fs, { openSync: following });
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    Object.assign(fs, { openSync });
    syncBuiltinESMExports();
    Object.defineProperty(process, "platform", platform);
  }
}
