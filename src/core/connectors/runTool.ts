import { runProgram } from "../process/runProgram";

const timeoutMs = 20_000;

/**
 * What a cloud's own command-line tool answers, which is asked where a person is signed in with it.
 *
 * @param args must hold nothing that comes from outside, since on Windows a shell reads them
 * @returns nothing when the tool is not installed or not signed in
 */
export async function runTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProgram(program, args, { env, timeoutMs, signal });
    return exitCode === 0 ? stdout.trim() || undefined : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
