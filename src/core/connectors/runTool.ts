import { execFile } from "node:child_process";

const timeoutMs = 20_000;

/**
 * What a cloud's own command-line tool answers, which is asked where a person is signed in with it.
 *
 * @param args must hold nothing that comes from outside, since on Windows a shell reads them
 * @returns nothing when the tool is not installed or not signed in
 */
export async function runTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string | undefined> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const options = { env, signal, timeout: timeoutMs, encoding: "utf8", windowsHide: true, shell: process.platform === "win32" } as const;
    execFile(program, args, options, (error, stdout) => {
      if (signal?.aborted) reject(error ?? new Error("aborted"));
      else resolve(error ? undefined : stdout.trim() || undefined);
    });
  });
}
