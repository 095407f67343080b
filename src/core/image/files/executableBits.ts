import { statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isThere } from "../../base/contactedHost";
import { fileChanged, fileUnreadable } from "../../context/files/contextEntries";
import { systemCodeOf } from "../../base/errors";
import { executablesInIndex } from "../../process/git";

/** Options for detecting executable files. */
export interface ExecutableBitsOptions {
  /** Default is this machine's platform. */
  readonly platform?: NodeJS.Platform;
  /** Whether git may run in the files' repositories: only in a trusted workspace. */
  readonly mayRunGit: boolean;
}

/**
 * Determines which files their owner may execute, the only part of a file's mode that gets into an image. Windows has
 * no such bit, so there it comes from git's index, and files in no index are not executable: equal checkouts have equal
 * tags.
 * Each repository is read only once, so that the build matches the hash.
 */
export class ExecutableBits {
  readonly #isWindows: boolean;
  readonly #mayRunGit: boolean;
  /** Root of each folder's repository. */
  readonly #tops = new Map<string, string | undefined>();
  readonly #lists = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #silent: string[] = [];

  constructor({ platform = process.platform, mayRunGit }: ExecutableBitsOptions) {
    this.#isWindows = platform === "win32";
    this.#mayRunGit = mayRunGit;
  }

  /** Repositories in which git failed, so that none of their files counts as executable. */
  get silentRepositories(): readonly string[] {
    return this.#silent;
  }

  /**
   * Returns whether a file's owner may execute it.
   *
   * @param path absolute path, with all links resolved
   * @throws ImageBuilderError `contextChanged` if the file no longer exists, `contextUnreadable`; the signal's reason
   * if aborted
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

  /** Returns the nearest folder with `.git`, which is a file in a worktree and a submodule. */
  #topOf(folder: string): string | undefined {
    if (this.#tops.has(folder)) return this.#tops.get(folder);
    const above = dirname(folder);
    const top = isThere(join(folder, ".git")) ? folder : above === folder ? undefined : this.#topOf(above);
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
