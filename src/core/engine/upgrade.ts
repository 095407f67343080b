import { request, type OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { agentSocket, type EngineAgent } from "./transport";

/**
 * Upgrades a connection to the daemon to one of HTTP/2, over which it calls or is called.
 *
 * @throws Error with `statusCode` and the daemon's words when it refuses; what reaching it throws; the signal's reason
 */
export function upgrade(agent: EngineAgent, path: string, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, socketPath: agentSocket, path, method: "POST", headers: { ...headers, Connection: "Upgrade", Upgrade: "h2c" }, signal });
    asked.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    asked.on("upgrade", (_answer, socket: Duplex, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.on("response", (answer) => {
      text(answer).then((body) => reject(Object.assign(new Error(wordsIn(body)), { statusCode: answer.statusCode })), reject);
    });
    asked.end();
  });
}

function wordsIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === "string" ? message : body;
  } catch {
    return body.trim();
  }
}
