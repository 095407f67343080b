import { ImageBuilderError } from "../errors";
import { connectionFailure } from "../http/connectionFailure";
import type { HttpRequest, HttpResponse } from "../http/httpClient";
import { registryWords } from "../registries/distribution/registryFailure";
import type { ConnectorServices } from "./connectorType";

/** An answer's fields. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * Asks a cloud's service, and reads its answer as JSON.
 *
 * @param purpose what is wanted, follows on "to", for messages
 * @throws ImageBuilderError `connectorFailed`, with the service's own words and never with what was sent
 */
export async function askService(request: HttpRequest, purpose: string, services: ConnectorServices): Promise<Answer> {
  const { body } = await sendTo(request, purpose, services);
  try {
    const answer: unknown = JSON.parse(body.toString("utf8"));
    if (typeof answer === "object" && answer !== null) return answer as Answer;
  } catch {
    // What the parser says would quote the answer, which holds a token.
  }
  throw failure(`${request.url.host} answered the request to ${purpose} with something else than JSON.`);
}

/** As `askService`, with the answer as it came. */
export async function sendTo(request: HttpRequest, purpose: string, { http }: ConnectorServices): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await http.send(request);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError("connectorFailed", `${request.url.host} cannot be asked to ${purpose}: ${connectionFailure(error).reason}.`, { cause: error });
  }
  if (response.status >= 200 && response.status < 300) return response;
  throw failure(`${request.url.host} refuses to ${purpose} (HTTP ${response.status})${registryWords(response) || xmlWords(response)}.`);
}

/** A form, as token endpoints take it. */
export function formRequest(url: string, fields: Readonly<Record<string, string>>, signal: AbortSignal | undefined, timeoutMs?: number): HttpRequest {
  return { url: new URL(url), method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" }, body: new URLSearchParams(fields).toString(), signal, timeoutMs };
}

/** @throws ImageBuilderError `connectorFailed` when the answer has no such text */
export function textIn(answer: Answer, field: string, host: string): string {
  const value = answer[field];
  if (typeof value === "string" && value !== "") return value;
  throw failure(`${host} answered without "${field}".`);
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}

function xmlWords({ body }: HttpResponse): string {
  const [, code = ""] = /<Code>([^<]*)<\/Code>/.exec(body.toString("utf8")) ?? [];
  const [, message = ""] = /<Message>([^<]*)<\/Message>/.exec(body.toString("utf8")) ?? [];
  const words = [code, message].filter(Boolean).join(": ").slice(0, 300);
  return words === "" ? "" : ` (${words})`;
}
