import type { OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { readErrorBody } from "../border/readBody";
import { DaemonRefusal } from "./refusalWords";
import { sendRequest } from "./sendRequest";
import type { EngineAgent } from "./transport";

/**
 * Upgrades a connection to HTTP/2: to call BuildKit's API, or to answer the daemon's calls in a session. dockerode has
 * no method for it.
 *
 * @throws DaemonRefusal if the daemon refuses; errors of connecting to it; the signal's reason
 */
export async function upgrade(
  agent: EngineAgent,
  path: string,
  headers: OutgoingHttpHeaders,
  signal: AbortSignal,
): Promise<Duplex> {
  const opened = await sendRequest(agent, {
    path,
    method: "POST",
    headers: { ...headers, Connection: "Upgrade", Upgrade: "h2c" },
    signal,
  });
  if ("upgraded" in opened) return opened.upgraded;
  throw new DaemonRefusal(opened.answer.statusCode ?? 0, agent.hide(await readErrorBody(opened.answer)));
}
