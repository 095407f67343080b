import { request } from "node:http";
import { SetUpError } from "../setup/setUpError.mjs";

/**
 * Sends a request to a container engine over its Unix socket or named pipe, and reads streams to their end.
 *
 * @param {string} socket
 * @param {string} method
 * @param {string} target path with query
 * @param {{ body?: Buffer, headers?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {Promise<string>} body of the response
 * @throws {SetUpError} with the engine's own message, also if it is in the stream of a successful response
 */
export async function askEngine(socket, method, target, { body, headers = {}, timeoutMs = 120_000 } = {}) {
  const { status, text } = await exchange(socket, method, target, body, headers, timeoutMs);
  const problem = status >= 400 ? text : errorInStream(text);
  if (problem)
    throw new SetUpError(
      `The container engine at ${socket} answered ${method} ${target} with ${status}: ${problem.trim()}`,
    );
  return text;
}

/**
 * @param {string} socket
 * @param {string} method
 * @param {string} target
 * @param {Buffer | undefined} body
 * @param {Record<string, string>} headers
 * @param {number} timeoutMs
 * @returns {Promise<{ status: number, text: string }>}
 */
function exchange(socket, method, target, body, headers, timeoutMs) {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath: socket,
        method,
        path: target,
        headers: { host: "engine", ...headers },
        signal: AbortSignal.timeout(timeoutMs),
      },
      async (answer) => {
        try {
          let text = "";
          for await (const chunk of answer.setEncoding("utf8")) text += chunk;
          resolve({ status: answer.statusCode ?? 0, text });
        } catch (error) {
          reject(error);
        }
      },
    );
    call.once("error", reject).end(body);
  });
}

/** @param {string} text lines of JSON */
function errorInStream(text) {
  const line = text.split("\n").find((each) => each.startsWith('{"error'));
  return line && JSON.parse(line).error;
}

/**
 * Returns the engine's version; undefined if it doesn't answer.
 *
 * @param {string} socket
 * @returns {Promise<{ version: string, apiVersion: string } | undefined>}
 */
export async function engineVersion(socket) {
  try {
    const { Version, ApiVersion } = JSON.parse(await askEngine(socket, "GET", "/version", { timeoutMs: 3000 }));
    return { version: Version, apiVersion: ApiVersion };
  } catch {
    return undefined;
  }
}
