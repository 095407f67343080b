import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import Modem from "docker-modem";
import { agentSocket, type EngineAgent } from "../transport/transport";

type Told = (error: unknown, answer?: IncomingMessage) => void;

/**
 * What dockerode sends its requests with, made to use the agent and nothing else: `new Docker({ modem })`.
 *
 * Modem's own constructor reads `DOCKER_HOST` and its companions, and throws when `DOCKER_CERT_PATH` lacks a file,
 * whatever options it is given; so its fields are set without it. Its own way to send a request follows redirects to
 * any host, where a failure has no listener and ends the process, and reads the body of an error however long it is.
 */
export function dockerModem(agent: EngineAgent): Modem {
  const fields = {
    socketPath: agentSocket,
    protocol: "http",
    headers: { ...agent.headers },
    sshOptions: {},
    agent,
    buildRequest,
  };
  return Object.assign(Object.create(Modem.prototype) as Modem, fields);
}

/** Sends one request and hands over any answer to it as it comes. */
function buildRequest(
  options: RequestOptions,
  _context: unknown,
  data: Readable | Buffer | string | undefined,
  tell: Told,
): void {
  try {
    send(request(options), data, tell);
  } catch (error) {
    tell(error);
  }
}

function send(asked: ClientRequest, data: Readable | Buffer | string | undefined, tell: Told): void {
  asked.on("error", tell).once("response", (answer) => tell(undefined, answer));
  // Node tells nothing else of an answer that switches to another protocol.
  asked.once("close", () => tell(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  if (data === undefined || typeof data === "string" || Buffer.isBuffer(data)) {
    asked.end(data);
    return;
  }
  data.on("error", (error) => asked.destroy(error));
  data.pipe(asked);
}
