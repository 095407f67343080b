const timeoutMs = 5_000;
/** Limit on git's output, in characters: it is a single name. */
const maxLength = 4096;
/** Limit for reading the index, in milliseconds: a repository of a million files takes some seconds. */
const indexTimeoutMs = 30_000;
/** Limit on the list of files, in characters: about 600,000 files. */
const maxIndexLength = 2 ** 26;

/** Commit and branch of a folder; both are undefined outside a repository, before the first commit, and without git. */
export interface GitHead {
  readonly shortSha?: string;
  /** Also undefined if HEAD is detached. */
  readonly branch?: string;
}

/** Reads the commit and the branch of `folder` with git. */
export async function gitHead(folder: string): Promise<GitHead> {
  const ask = (...args: string[]): Promise<string | undefined> => git(folder, args, { timeoutMs, maxLength });
  const [commit, branch] = (
    await Promise.all([ask("rev-parse", "--short", "--verify", "HEAD"), ask("symbolic-ref", "--short", "HEAD")])
  ).map((answer) => answer?.trim() || undefined);
  const shortSha = commit !== undefined && /^[0-9a-f]{4,64}$/.test(commit) ? commit : undefined;
  return { shortSha, branch: shortSha && branch };
}

/**
 * Returns the files below `folder` that git's index marks as executable.
 *
 * @returns paths with slashes, relative to `folder`; undefined without git, outside a repository, and for a list that
 * takes too long or is too long
 * @throws the signal's reason
 */
export async function executablesInIndex(
  folder: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  // A repository may configure a program that watches its files; only the index is read, and it is not refreshed.
  const args = ["-c", "core.fsmonitor=false", "ls-files", "--stage", "-z"];
  const list = await git(folder, args, { timeoutMs: indexTimeoutMs, maxLength: maxIndexLength, signal });
  if (list === undefined) return undefined;
  // Each entry is `<mode> <object> <stage>\t<path>`.
  const executable = list.split("\0").filter((entry) => entry.startsWith("100755 "));
  return new Set(executable.map((entry) => entry.slice(entry.indexOf("\t") + 1)));
}

/**
 * Variables that git sets for programs that it starts, including VS Code as its editor: they would refer to that
 * repository.
 */
const ofAnotherRepository = [
  ...["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"],
  ...["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"],
] as const;

/** Runs git; returns undefined on any failure, which callers that need the value report. */
async function git(
  folder: string,
  args: readonly string[],
  limits: { readonly timeoutMs: number; readonly maxLength: number; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1" };
  for (const name of ofAnotherRepository) delete env[name];
  try {
    // This file is loaded on activation, when git is not needed.
    const { runProgram } = await import("./runProgram");
    const { exitCode, stdout } = await runProgram("git", args, { cwd: folder, env, ...limits });
    return exitCode === 0 ? stdout : undefined;
  } catch {
    limits.signal?.throwIfAborted();
    return undefined;
  }
}
