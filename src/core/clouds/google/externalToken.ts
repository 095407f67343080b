import * as z from "zod";
import { foreignWords } from "../../border/foreignWords";
import { parseJson } from "../../border/parseJson";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { networkHost } from "../../base/networkPath";
import { sendTo } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { ExternalAccount } from "./googleCredentials";

type Source = Exclude<ExternalAccount["credential_source"], { readonly environment_id: string }>;

/**
 * Reads the other identity provider's token from the account's file or URL. Google's library would read both without a
 * limit on their size.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://cloud.google.com/iam/docs/workload-identity-federation
 */
export async function externalToken(
  { credential_source: source }: ExternalAccount,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { format } = source as Source;
  const text = await readSource(source as Source, services, signal);
  if (format?.type !== "json") return text.trim();
  const fields = z.record(z.string(), z.unknown()).safeParse(parseJson(text)).data ?? {};
  const name = format.subject_token_field_name ?? "";
  const token = new Map(Object.entries(fields)).get(name);
  if (typeof token === "string") return token;
  throw failure(`The external account's token has no field "${foreignWords(name, 60)}".`);
}

async function readSource(
  source: Source,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { file } = source;
  if (typeof file === "string") {
    if (networkHost(file) !== undefined)
      throw failure(
        `The token file "${file}" of the external account is on another computer. Copy it to this computer.`,
      );
    return readSmallFile(file).catch((error: unknown) => {
      throw failure(
        `Can't read the token file "${file}" of the external account (${messageOf(error)}). ` +
          "Check that it exists and is readable.",
      );
    });
  }
  const { url, headers } = source as { readonly url: string; readonly headers?: Record<string, string> };
  if (!URL.canParse(url))
    throw failure(`The credential_source of the external account has "${url}", which is not a valid URL.`);
  return (await sendTo({ url: new URL(url), headers, signal }, "get the subject token", services)).body.toString(
    "utf8",
  );
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}
