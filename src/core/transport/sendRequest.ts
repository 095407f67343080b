import { request, type IncomingMessage, type OutgoingHttpHeaders, type RequestOptions } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { limitInterim } from "../border/limitInterim";
import { agentSocket, type EngineAgent } from "./transport";

/** Result of a request: a response whose body is still unread, or an upgraded connection. */
type Opened = { readonly answer: IncomingMessage } | { readonly upgraded: Duplex };

/**
 * Sends a request to a daemon. All requests use it, both dockerode's and BuildKit's upgrades. It follows no redirects
 * and reads no bodies.
 *
 * @throws errors of connecting to the daemon; the signal's reason
 */
export function sendRequest(
  agent: EngineAgent,
  options: RequestOptions,
  body?: Readable | Buffer | string,
): Promise<Opened> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const headers = { ...agent.headers, ...(options.headers as OutgoingHttpHeaders | undefined) };
    const asked = request({ ...options, headers, agent, socketPath: agentSocket });
    const fail = (error: unknown): void => reject(signal?.aborted ? signal.reason : error);
    asked.on("error", fail).once("response", (answer) => resolve({ answer }));
    // Node emits no other event if the server switches to a protocol that was not requested.
    asked.once("close", () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    limitInterim(asked);
    if (options.headers && "Upgrade" in options.headers)
      asked.once("upgrade", (_answer, upgraded: Duplex, head: Buffer) => {
        if (head.length > 0) upgraded.unshift(head);
        resolve({ upgraded });
      });
    if (body === undefined || typeof body === "string" || Buffer.isBuffer(body)) {
      asked.end(body);
      return;
    }
    body.on("error", (error) => asked.destroy(error));
    body.pipe(asked);
  });
}
