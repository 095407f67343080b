import { realpathSync } from "node:fs";

/** Maximum number of paths by which one file is followed. A project that has it in several places has a few. */
const mostWays = 8;

/** Counts the paths by which files are reached: a link to a folder above itself makes them endless. */
export class LinkedFiles {
  readonly #ways = new Map<string, number>();

  /** Whether a file that was reached by one more path may be followed; throws the system's errors. */
  mayFollow(path: string): boolean {
    const realPath = realpathSync.native(path);
    const ways = (this.#ways.get(realPath) ?? 0) + 1;
    this.#ways.set(realPath, ways);
    return ways <= mostWays;
  }
}
