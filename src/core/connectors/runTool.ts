import { execFile } from "node:child_process";
import { ImageBuilderError } from "../errors";

const timeoutMs = 20_000;
/** A tool that writes more is ended, and has no answer. */
const maxOutputBytes = 1_000_000;

/**
 * What a cloud's own command-line tool answers, which is asked where a person is signed in with it.
 *
 * @param args must hold nothing that comes from outside, since on Windows a shell reads them
 * @returns nothing when the tool is not installed or not signed in
 */
export async function runTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string | undefined> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const options = { env, signal, timeout: timeoutMs, encoding: "utf8", maxBuffer: maxOutputBytes, windowsHide: true, shell: process.platform === "win32" } as const;
    execFile(program, args, options, (error, stdout) => {
      if (signal?.aborted) reject(error ?? new Error("aborted"));
      else resolve(error ? undefined : stdout.trim() || undefined);
    });
  });
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
  throw new ImageBuilderError("connectorFailed", `The program "${program}" answered with something that is no token: see in a terminal what it writes, and sign in with it anew.`);
}
