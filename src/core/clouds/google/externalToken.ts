import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import type { HttpRequest } from "../../http/httpClient";
import { formRequest, sendTo, type Answer } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { secureUrl } from "./secureUrl";

const format = z
  .looseObject({ type: z.enum(["text", "json"]).optional(), subject_token_field_name: z.string().optional() })
  .optional();
const schema = z.looseObject({
  audience: z.string(),
  subject_token_type: z.string(),
  token_url: z.string(),
  service_account_impersonation_url: z.string().optional(),
  credential_source: z.union([
    z.looseObject({ file: z.string(), format }),
    z.looseObject({ url: z.string(), headers: z.record(z.string(), z.string()).optional(), format }),
  ]),
});

/** What exchanges a token of another identity provider for Google's. */
export interface ExternalToken {
  readonly request: HttpRequest;
  readonly impersonationUrl?: string;
}

/**
 * Reads the other provider's token from where the configuration says.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://cloud.google.com/iam/docs/workload-identity-federation
 */
export async function externalToken(
  credentials: Answer,
  scope: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<ExternalToken> {
  const checked = schema.safeParse(credentials);
  if (!checked.success)
    throw failure(
      "The external account configuration must have audience, subject_token_type, token_url and a credential_source with a file or a url.",
    );
  const {
    audience,
    subject_token_type,
    token_url,
    credential_source: source,
    service_account_impersonation_url: impersonationUrl,
  } = checked.data;
  const subject_token = subjectToken(await readSource(source, services, signal), source.format);
  const fields = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience,
    scope,
    subject_token,
    subject_token_type,
  };
  return {
    request: formRequest(secureUrl(token_url).href, fields, signal),
    ...(impersonationUrl !== undefined && { impersonationUrl }),
  };
}

async function readSource(
  source: z.infer<typeof schema>["credential_source"],
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<string> {
  if ("file" in source && typeof source.file === "string") {
    return readSmallFile(source.file).catch((error: unknown) => {
      throw failure(
        `Can't read the token file "${String(source["file"])}" of the external account (${messageOf(error)}). Check that it exists and is readable.`,
      );
    });
  }
  const { url, headers } = source as { url: string; headers?: Record<string, string> };
  if (!URL.canParse(url))
    throw failure(`The credential_source of the external account has "${url}", which is not a valid URL.`);
  return (await sendTo({ url: new URL(url), headers, signal }, "get the subject token", services)).body.toString(
    "utf8",
  );
}

function subjectToken(text: string, how: z.infer<typeof format>): string {
  if (how?.type !== "json") return text.trim();
  const fields = z.record(z.string(), z.unknown()).safeParse(parseJson(text)).data ?? {};
  const token = new Map(Object.entries(fields)).get(how.subject_token_field_name ?? "");
  if (typeof token === "string") return token;
  throw failure(`The external account's token has no field "${how.subject_token_field_name ?? ""}".`);
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}
