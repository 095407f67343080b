import { request, type OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { readErrorBody } from "../border/readBody";
import { DaemonRefusal } from "./refusalWords";
import { agentSocket, type EngineAgent } from "./transport";

/**
 * Upgrades a connection to the daemon to one of HTTP/2, over which it calls or is called.
 *
 * @throws DaemonRefusal when it refuses; what reaching it throws; the signal's reason
 */
export function upgrade(
  agent: EngineAgent,
  path: string,
  headers: OutgoingHttpHeaders,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asked = request({
      agent,
      socketPath: agentSocket,
      path,
      method: "POST",
      headers: { ...agent.headers, ...headers, Connection: "Upgrade", Upgrade: "h2c" },
      signal,
    });
    asked.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    asked.on("upgrade", (_answer, socket: Duplex, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.on("response", (answer) => {
      void readErrorBody(answer).then((body) => reject(new DaemonRefusal(answer.statusCode ?? 0, body)));
    });
    asked.end();
  });
}
