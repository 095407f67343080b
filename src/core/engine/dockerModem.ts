import type { IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import Modem from "docker-modem";
import { readErrorBody } from "../border/readBody";
import { DaemonRefusal } from "../transport/refusalWords";
import { sendRequest } from "../transport/sendRequest";
import type { EngineAgent } from "../transport/transport";

/**
 * Creates the modem through which dockerode sends its requests: `new Docker({ modem })`. Each method resolves to the
 * response itself, with its headers and unread body, and throws DaemonRefusal for any status but 200
 * and 201.
 *
 * Modem's own constructor reads `DOCKER_HOST` and related variables regardless of its options, and throws if
 * `DOCKER_CERT_PATH` lacks a file, so the fields are set without it. Its own request function follows redirects to any
 * host, where a failure has no listener and ends the process, and reads bodies without limits on size and time.
 *
 * @param signal ends every request, because not all of dockerode's methods accept a signal
 */
export function dockerModem(agent: EngineAgent, signal?: AbortSignal): Modem {
  const buildRequest = (options: RequestOptions, _context: unknown, body: Body, tell: Tell): void => {
    answerTo(agent, { ...options, signal }, body).then(
      (answer) => tell(undefined, answer),
      (error: unknown) => tell(error),
    );
  };
  const fields = { socketPath: "of the agent", protocol: "http", headers: {}, sshOptions: {}, buildRequest };
  return Object.assign(Object.create(Modem.prototype) as Modem, fields);
}

type Body = Readable | Buffer | string | undefined;
type Tell = (error: unknown, answer?: IncomingMessage) => void;

async function answerTo(agent: EngineAgent, options: RequestOptions, body: Body): Promise<IncomingMessage> {
  const opened = await sendRequest(agent, options, body);
  // None of the dockerode calls in use requests an upgrade.
  if ("upgraded" in opened) throw new Error("upgraded");
  const { answer } = opened;
  if (answer.statusCode === 200 || answer.statusCode === 201) return answer;
  throw new DaemonRefusal(answer.statusCode ?? 0, agent.hide(await readErrorBody(answer)));
}
