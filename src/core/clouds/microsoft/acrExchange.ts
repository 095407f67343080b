import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { readAnswer } from "../../border/readAnswer";
import { ImageBuilderError } from "../../base/errors";
import { registryWords } from "../../distribution/registryFailure";
import type { HttpResponse } from "../../http/httpClient";
import { answerBorder, formRequest, isSuccess, refusal, secretText, sendAnyway } from "../askService";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import type { AzureRegistry } from "../azureRegistry";
import { claimsOf } from "./claims";

/** The user name under which a registry takes a token as the password. */
const tokenUser = "00000000-0000-0000-0000-000000000000";
const timeoutMs = 5000;
const purpose = "exchange the token";

const exchangeSchema = z.looseObject({ refresh_token: secretText });
const errorsSchema = z.looseObject({ errors: z.array(z.looseObject({ code: z.string() }).catch({ code: "" })) });

/** A registry's refusal of a token. */
export interface RefusedExchange {
  readonly error: ImageBuilderError;
  /** Whether it refused this machine's network, regardless of the token. */
  readonly isFirewall: boolean;
}

/** Tells a refusal from a login. */
export function isRefused(answer: RegistryLogin | RefusedExchange): answer is RefusedExchange {
  return "error" in answer;
}

/**
 * Exchanges a token of Azure's for the registry's own.
 *
 * @throws ImageBuilderError `connectorFailed` when the registry can't be reached or fails
 */
export async function exchangeToken(
  { host }: AzureRegistry,
  token: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | RefusedExchange> {
  const fields = { grant_type: "access_token", service: host, access_token: token };
  const request = formRequest(`https://${host}/oauth2/exchange`, fields, signal, timeoutMs);
  const response = await sendAnyway(request, purpose, services);
  if (!isSuccess(response)) return refused(response, host);
  const { refresh_token: password } = readAnswer(response.body, answerBorder(host, exchangeSchema));
  const ends = [password, token].flatMap((each) => claimsOf(each).exp ?? []).map((end) => end * 1000);
  return { registry: host, username: tokenUser, password, ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }) };
}

function refused(response: HttpResponse, host: string): RefusedExchange {
  const { status, body } = response;
  if (status >= 500 || status === 429) throw refusal(response, host, purpose);
  const { errors = [] } = errorsSchema.safeParse(parseJson(body.toString("utf8"))).data ?? {};
  // An account without rights gets a token all the same; only networks are denied here.
  const isFirewall = status === 403 && errors.some(({ code }) => code === "DENIED");
  if (!isFirewall) return { error: refusal(response, host, purpose), isFirewall };
  return {
    error: new ImageBuilderError(
      "connectorFailed",
      `The firewall of ${host} doesn't allow this machine's network (HTTP ${status})${registryWords(response)}. ` +
        "Add this machine's IP address to the registry's network rules, or use an allowed network.",
    ),
    isFirewall,
  };
}
