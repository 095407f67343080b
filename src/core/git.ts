const timeoutMs = 5_000;
/** In characters: git answers with one name. */
const maxLength = 4096;

/** Where a folder stands in git; both are missing outside a repository, before the first commit, and without git. */
export interface GitHead {
  readonly shortSha?: string;
  /** Missing also while HEAD is detached. */
  readonly branch?: string;
}

/** Asks git for the commit and the branch of `folder`. */
export async function gitHead(folder: string): Promise<GitHead> {
  const [commit, branch] = await Promise.all([git(folder, "rev-parse", "--short", "--verify", "HEAD"), git(folder, "symbolic-ref", "--short", "HEAD")]);
  const shortSha = commit !== undefined && /^[0-9a-f]{4,64}$/.test(commit) ? commit : undefined;
  return { shortSha, branch: shortSha && branch };
}

/** Git's answer; every failure means that there is none, and whoever needs the value says so. */
async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  try {
    // Activation loads this file, and needs no git.
    const { runProgram } = await import("./process/runProgram");
    const { exitCode, stdout } = await runProgram("git", args, { cwd: folder, env: process.env, timeoutMs, maxLength });
    return exitCode === 0 ? stdout.trim() || undefined : undefined;
  } catch {
    return undefined;
  }
}
