import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** Functions that look at a path, between two of which another program may change what is there. */
const looks = [
  "openSync",
  "opendirSync",
  "readdirSync",
  "statSync",
  "lstatSync",
  "readlinkSync",
  "existsSync",
] as const;

type Act = (...values: unknown[]) => unknown;

/** What happened while work ran with a change before one of its calls. */
export interface Swapped {
  /** Number of calls of the file system that the work has made. */
  readonly calls: number;
  /** Real paths of the files that were read, as their offset tells when they are closed, and of listed folders. */
  readonly read: readonly string[];
}

/**
 * Runs work, and makes a change immediately before its call of the file system with this number: what one call has
 * checked is something else for the next one. Everything else is the real file system.
 */
export async function swappedBefore(
  call: number,
  { swap, work }: { readonly swap: () => void; readonly work: () => Promise<unknown> },
): Promise<Swapped> {
  const { realpathSync, closeSync, readFileSync } = fs;
  const { native } = realpathSync;
  const before = looks.map((name) => [name, fs[name] as Act] as const);
  const read: string[] = [];
  let calls = 0;
  let isInside = false;
  const counting =
    (act: Act, lists: boolean): Act =>
    (...values) => {
      if (isInside) return act(...values);
      isInside = true;
      try {
        if (calls++ === call) swap();
        const result = act(...values);
        if (lists && typeof values[0] === "string") read.push(native(values[0]));
        return result;
      } finally {
        isInside = false;
      }
    };
  for (const [name, act] of before) {
    const counted = counting(act, name === "readdirSync" || name === "opendirSync");
    Object.assign(fs, { [name]: Object.assign(counted, act) });
  }
  Object.assign(realpathSync, { native: counting(native as Act, false) });
  const closing: Act = (fd) => {
    const [, position = "0"] = /^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, "utf8")) ?? [];
    if (position !== "0") read.push(native(`/proc/self/fd/${String(fd)}`));
    return (closeSync as Act)(fd);
  };
  Object.assign(fs, { closeSync: closing });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { ...Object.fromEntries(before), closeSync });
    Object.assign(realpathSync, { native });
    syncBuiltinESMExports();
  }
  return { calls, read };
}
