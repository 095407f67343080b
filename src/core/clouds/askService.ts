import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { checkAnswer, readAnswer } from "../border/readAnswer";
import { ImageBuilderError } from "../base/errors";
import { connectionFailure } from "../http/connectionFailure";
import type { HttpRequest, HttpResponse } from "../http/httpClient";
import { registryWords } from "../distribution/registryFailure";
import type { ConnectorServices } from "./connectorType";

/** Parameters of a request, or fields of a credentials file. */
export type ServiceFields = Readonly<Record<string, unknown>>;

/** Token or password that is safe to put into a header. */
export const secretText = z
  .string()
  .min(1)
  .max(64 * 1024)
  .regex(/^[\x21-\x7e]+$/);

/** Time in seconds; some services write numbers as strings. */
export const seconds = z.union([
  z.number().min(0),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * Sends a request to a cloud's service, and reads the response.
 *
 * @param purpose purpose of the request, which follows "to" in messages
 * @throws ImageBuilderError `connectorFailed`, with the service's own message and never with the data that was sent
 */
export async function askService<Result>(
  request: HttpRequest,
  purpose: string,
  schema: z.ZodType<Result>,
  services: ConnectorServices,
): Promise<Result> {
  const { body } = await sendTo(request, purpose, services);
  return readAnswer(body, answerBorder(request.url.host, schema));
}

/**
 * Checks a response like `askService`, but one that is already parsed, such as one in XML.
 *
 * @param who name of the sender, as the beginning of a sentence
 */
export function checkService<Result>(answer: unknown, who: string, schema: z.ZodType<Result>): Result {
  return checkAnswer(answer, answerBorder(who, schema));
}

/** Returns how to read a service's response, for `readAnswer`. */
export function answerBorder<Result>(who: string, schema: z.ZodType<Result>) {
  return {
    schema,
    who,
    what: "response",
    code: "connectorFailed",
    remedy: "check that its address is right and that it is running",
  } as const;
}

const maxAnswerBytes = 4 * 2 ** 20;

/** Sends a request like `askService`, but returns the raw response. */
export async function sendTo(
  request: HttpRequest,
  purpose: string,
  services: ConnectorServices,
): Promise<HttpResponse> {
  const response = await sendAnyway(request, purpose, services);
  if (isSuccess(response)) return response;
  throw refusal(response, request.url.host, purpose);
}

/** Sends a request like `sendTo`, but also returns a response that refuses. */
export async function sendAnyway(
  request: HttpRequest,
  purpose: string,
  { http }: ConnectorServices,
): Promise<HttpResponse> {
  try {
    return await http.send({ maxBytes: maxAnswerBytes, ...request });
  } catch (error) {
    request.signal?.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "connectorFailed",
      `Can't reach ${request.url.host} to ${purpose}: ${connectionFailure(error).reason}.`,
      { cause: error },
    );
  }
}

/** Whether the status is 2xx. */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Creates the error for a refusal, with the service's own message. */
export function refusal(response: HttpResponse, host: string, purpose: string): ImageBuilderError {
  return failure(
    `${host} refused the request to ${purpose} (HTTP ${response.status})` +
      `${registryWords(response) || xmlWords(response)}.`,
  );
}

/** Creates a POST request with a form, as token endpoints expect it. */
export function formRequest(
  url: string,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
  timeoutMs?: number,
): HttpRequest & { readonly body: string } {
  return {
    url: new URL(url),
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(fields).toString(),
    signal,
    timeoutMs,
  };
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}

function xmlWords({ body }: HttpResponse): string {
  const text = body.toString("utf8");
  const [, code = ""] = /<Code>([^<]*)<\/Code>/.exec(text) ?? [];
  const [, message = ""] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  const words = foreignWords([code, message].filter(Boolean).join(": "));
  return words === "" ? "" : ` (${words})`;
}
