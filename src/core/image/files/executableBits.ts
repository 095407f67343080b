import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileChanged, fileUnreadable } from "../../context/files/contextEntries";
import { systemCodeOf } from "../../base/errors";
import { executablesInIndex } from "../../process/git";

/** How a machine is asked which files are executable. */
export interface ExecutableBitsOptions {
  /** Default is this machine's. */
  readonly platform?: NodeJS.Platform;
  /** Whether git may be run in the files' repositories: only in a workspace that is trusted. */
  readonly mayRunGit: boolean;
}

/**
 * Tells which files their owner may execute: all of a file's mode that gets into an image. Windows has no such bit, so
 * there it comes from git's index, and a file that is in none is not executable: equal checkouts have equal tags.
 *
 * Each repository is asked once, so that what is built is what was hashed.
 */
export class ExecutableBits {
  readonly #isWindows: boolean;
  readonly #mayRunGit: boolean;
  /** The top of each folder's repository. */
  readonly #tops = new Map<string, string | undefined>();
  readonly #lists = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #silent: string[] = [];

  constructor({ platform = process.platform, mayRunGit }: ExecutableBitsOptions) {
    this.#isWindows = platform === "win32";
    this.#mayRunGit = mayRunGit;
  }

  /** The repositories for which git gave no answer, so that none of their files counts as executable. */
  get silentRepositories(): readonly string[] {
    return this.#silent;
  }

  /**
   * Whether a file's owner may execute it.
   *
   * @param path absolute, without links that lead to it
   * @throws ImageBuilderError `contextChanged` when it has gone, `contextUnreadable`; the signal's reason
   */
  isExecutable(path: string, signal?: AbortSignal): boolean | Promise<boolean> {
    return this.#isWindows ? this.#isMarked(path, signal) : hasBit(path);
  }

  async #isMarked(path: string, signal: AbortSignal | undefined): Promise<boolean> {
    const top = this.#mayRunGit ? this.#topOf(dirname(path)) : undefined;
    if (top === undefined) return false;
    const list = this.#lists.get(top) ?? this.#ask(top, signal);
    this.#lists.set(top, list);
    return (await list).has(relative(top, path).split(sep).join("/"));
  }

  async #ask(top: string, signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
    const list = await executablesInIndex(top, signal);
    if (!list) this.#silent.push(top);
    return list ?? new Set();
  }

  /** The nearest folder with `.git`, which is a file in a worktree and a submodule. */
  #topOf(folder: string): string | undefined {
    if (this.#tops.has(folder)) return this.#tops.get(folder);
    const above = dirname(folder);
    const top = existsSync(join(folder, ".git")) ? folder : above === folder ? undefined : this.#topOf(above);
    this.#tops.set(folder, top);
    return top;
  }
}

function hasBit(path: string): boolean {
  try {
    return (statSync(path).mode & 0o100) !== 0;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") throw fileChanged(path, "has been removed since it was listed", error);
    throw fileUnreadable(path, error);
  }
}
