import { ImageBuilderError } from "../base/errors";
import { runProgram } from "../process/runProgram";

const timeoutMs = 20_000;
/** A tool that writes more is ended, and has no answer. */
const maxLength = 1_000_000;

/**
 * What a cloud's own command-line tool answers, which is asked where a person is signed in with it.
 *
 * @param args must hold nothing that comes from outside, since on Windows a shell reads them
 * @returns nothing when the tool is not installed or not signed in
 */
export async function runTool(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProgram(program, args, { env, timeoutMs, maxLength, signal });
    return exitCode === 0 ? stdout.trim() || undefined : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearerToken = /^[\w\-.~+/]{1,65536}={0,2}$/;

/**
 * A token that a tool has written.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
export function toolToken(written: string, program: string): string {
  if (bearerToken.test(written)) return written;
  throw new ImageBuilderError(
    "connectorFailed",
    `"${program}" did not return a valid token. Run it in a terminal to check its output, and sign in again.`,
  );
}
