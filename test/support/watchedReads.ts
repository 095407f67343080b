import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const watched = ["openSync", "opendirSync", "readdirSync", "readFileSync", "createReadStream"] as const;

/** Runs work, and returns the paths of all files and folders that it has opened or listed, with links resolved. */
export async function readsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const paths: string[] = [];
  const before = watched.map((name) => [name, fs[name]] as const);
  for (const [name, original] of before) {
    const act = original as (...values: unknown[]) => unknown;
    const watching = (path: unknown, ...rest: unknown[]): unknown => {
      const result = act(path, ...rest);
      if (typeof path === "string") paths.push(realPathOf(path));
      return result;
    };
    Object.assign(fs, { [name]: watching });
  }
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, Object.fromEntries(before));
    syncBuiltinESMExports();
  }
  return paths;
}

function realPathOf(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return path;
  }
}
