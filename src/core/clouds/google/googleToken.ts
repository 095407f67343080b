import { createSign } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { askService, formRequest, seconds, secretText, textIn, type Answer } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { runTool, toolToken } from "../runTool";
import { externalToken } from "./externalToken";
import { secureUrl } from "./secureUrl";

/**
 * How to sign in: with a credential file's text, with a token that is there already, or as this machine is signed in.
 */
export type GoogleSignIn =
  | { readonly kind: "implicit" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "json"; readonly text: string; readonly impersonate?: string };

/** An access token, and when it ends in milliseconds since 1970, if that is known. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs?: number;
}

const tokenSchema = z.looseObject({ access_token: secretText, expires_in: seconds.nullish() });
const impersonatedSchema = z.looseObject({
  accessToken: secretText,
  expireTime: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
});

const scope = "https://www.googleapis.com/auth/cloud-platform";
/** So long a token of gcloud's may have been there already; Google's live an hour. */
const toolLifetimeMs = 10 * 60_000;

/**
 * An access token by Google's OAuth 2.0.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://google.aip.dev/auth
 */
export async function googleToken(
  signIn: GoogleSignIn,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<AccessToken> {
  switch (signIn.kind) {
    case "token":
      return { token: signIn.token };
    case "implicit":
      return implicitToken(services, signal);
    case "json": {
      const token = await tokenOfJson(parse(signIn.text, "The credentials"), services, signal);
      return signIn.impersonate === undefined ? token : impersonated(token, signIn.impersonate, services, signal);
    }
  }
}

/**
 * By Google's order: the file that the environment names, the one that gcloud wrote, gcloud itself, the machine's
 * metadata server.
 */
async function implicitToken(services: ConnectorServices, signal: AbortSignal | undefined): Promise<AccessToken> {
  const { env } = services;
  const named = env["GOOGLE_APPLICATION_CREDENTIALS"];
  const file =
    named ||
    join(
      env["CLOUDSDK_CONFIG"] ??
        (env["APPDATA"] ? join(env["APPDATA"], "gcloud") : join(env["HOME"] ?? homedir(), ".config", "gcloud")),
      "application_default_credentials.json",
    );
  const text = await readSmallFile(file).catch((error: unknown) => {
    if (named)
      throw failure(
        `Can't read the file "${file}" named by GOOGLE_APPLICATION_CREDENTIALS (${messageOf(error)}). Check that it exists and is readable.`,
      );
    return undefined;
  });
  if (text !== undefined) return tokenOfJson(parse(text, `"${file}"`), services, signal);
  const fromTool = await runTool("gcloud", ["auth", "print-access-token"], env, signal);
  if (fromTool !== undefined) return { token: toolToken(fromTool, "gcloud"), expiresAtMs: Date.now() + toolLifetimeMs };
  return metadataToken(services, signal);
}

async function metadataToken(services: ConnectorServices, signal: AbortSignal | undefined): Promise<AccessToken> {
  const host = services.env["GCE_METADATA_HOST"] || "metadata.google.internal";
  const url = new URL(`http://${host}/computeMetadata/v1/instance/service-accounts/default/token`);
  try {
    return tokenOf(
      await askService(
        { url, headers: { "metadata-flavor": "Google" }, timeoutMs: 3000, signal },
        "get a token",
        tokenSchema,
        services,
      ),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new ImageBuilderError(
      "connectorFailed",
      `This machine is not signed in to Google Cloud. Run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS. (${messageOf(error)})`,
      { cause: error },
    );
  }
}

async function tokenOfJson(
  credentials: Answer,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const text = (field: string) => textIn(credentials, field, "The credential file");
  switch (credentials["type"]) {
    case "authorized_user":
      return exchange(
        {
          grant_type: "refresh_token",
          client_id: text("client_id"),
          client_secret: text("client_secret"),
          refresh_token: text("refresh_token"),
        },
        tokenUri(credentials),
        services,
        signal,
      );
    case "service_account":
      return exchange(
        {
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: assertion(text("client_email"), text("private_key"), tokenUri(credentials)),
        },
        tokenUri(credentials),
        services,
        signal,
      );
    case "external_account": {
      const { request, impersonationUrl } = await externalToken(credentials, scope, services, signal);
      const token = tokenOf(await askService(request, "exchange the token", tokenSchema, services));
      return impersonationUrl === undefined ? token : impersonatedAt(token, impersonationUrl, services, signal);
    }
    default:
      throw failure(
        `The credentials have the unsupported type ${JSON.stringify(credentials["type"])}. Use "authorized_user", "service_account" or "external_account".`,
      );
  }
}

async function exchange(
  fields: Readonly<Record<string, string>>,
  uri: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  return tokenOf(await askService(formRequest(uri, fields, signal), "sign in", tokenSchema, services));
}

function impersonated(
  token: AccessToken,
  principal: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  return impersonatedAt(
    token,
    `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(principal)}:generateAccessToken`,
    services,
    signal,
  );
}

async function impersonatedAt(
  { token }: AccessToken,
  address: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const url = secureUrl(address);
  const body = JSON.stringify({ scope: [scope], lifetime: "3600s" });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const { accessToken, expireTime } = await askService(
    { url, method: "POST", headers, body, signal },
    "impersonate the service account",
    impersonatedSchema,
    services,
  );
  return { token: accessToken, expiresAtMs: Date.parse(expireTime) };
}

/** A service account's signed word that it is itself. */
function assertion(email: string, privateKey: string, audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: email, scope, aud: audience, iat: now, exp: now + 3600 };
  const text = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  try {
    return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
  } catch (error) {
    throw failure(
      `The service account's "private_key" is not a valid key (${messageOf(error)}). Download the key again.`,
    );
  }
}

function tokenUri(credentials: Answer): string {
  const uri = credentials["token_uri"];
  return typeof uri === "string" ? secureUrl(uri).href : "https://oauth2.googleapis.com/token";
}

function tokenOf({ access_token: token, expires_in: lifetime }: z.infer<typeof tokenSchema>): AccessToken {
  return { token, ...(typeof lifetime === "number" && { expiresAtMs: Date.now() + lifetime * 1000 }) };
}

function parse(text: string, what: string): Answer {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null) return value as Answer;
  throw failure(`${what} can't be parsed as JSON. Use the complete, unmodified file from Google Cloud.`);
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}
