import { ImageBuilderError } from "../base/errors";
import { runProgram } from "../process/runProgram";

const timeoutMs = 20_000;
/** Maximum output of a tool; a tool that writes more is stopped, and its output is ignored. */
const maxLength = 1_000_000;

/**
 * Runs a cloud's command-line tool, which may be signed in.
 *
 * @param args must not contain untrusted text, because on Windows a shell reads them
 * @returns the trimmed output; undefined if the tool is not installed, not signed in, or fails otherwise
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

/** Syntax of a bearer token. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearerToken = /^[\w\-.~+/]{1,65536}={0,2}$/;

/**
 * Checks a token that a tool returned.
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
