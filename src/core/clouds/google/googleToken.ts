import { homedir } from "node:os";
import { join } from "node:path";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { askService, checkService, secretText } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { runTool, toolToken } from "../runTool";
import { externalToken } from "./externalToken";
import { parseGoogleCredentials } from "./googleCredentials";
import { endOf, googleFetch, tokenSchema } from "./googleRequests";

/**
 * Sign-in to Google: with the contents of a credentials file, with an existing token, or with this machine's default
 * credentials.
 */
export type GoogleSignIn =
  | { readonly kind: "implicit" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "json"; readonly text: string; readonly impersonate?: string };

/** Access token, and its expiration in milliseconds since 1970 if known. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs?: number;
}

const scope = "https://www.googleapis.com/auth/cloud-platform";
/**
 * Assumed lifetime of a token from gcloud, in milliseconds: gcloud may have cached it, and Google's tokens are valid
 * for an hour.
 */
const toolLifetimeMs = 10 * 60_000;

/**
 * Gets an access token with Google's OAuth 2.0.
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
    case "json":
      return tokenOfJson(signIn.text, { what: "The credentials", isOwn: false, ...signIn }, services, signal);
  }
}

/**
 * Gets this machine's default credentials in Google's order: the file in GOOGLE_APPLICATION_CREDENTIALS, gcloud's own
 * file, the gcloud CLI, the machine's metadata server.
 */
async function implicitToken(services: ConnectorServices, signal: AbortSignal | undefined): Promise<AccessToken> {
  const { env } = services;
  const named = env["GOOGLE_APPLICATION_CREDENTIALS"];
  const file =
    named ||
    join(
      env["CLOUDSDK_CONFIG"] ||
        (env["APPDATA"] ? join(env["APPDATA"], "gcloud") : join(env["HOME"] || homedir(), ".config", "gcloud")),
      "application_default_credentials.json",
    );
  const text = await readSmallFile(file).catch((error: unknown) => {
    if (named)
      throw new ImageBuilderError(
        "connectorFailed",
        `Can't read the file "${file}" named by GOOGLE_APPLICATION_CREDENTIALS (${messageOf(error)}). ` +
          "Check that it exists and is readable.",
        { cause: error },
      );
    return undefined;
  });
  if (text !== undefined) return tokenOfJson(text, { what: `"${file}"`, isOwn: true }, services, signal);
  const fromTool = await runTool("gcloud", ["auth", "print-access-token"], env, signal);
  if (fromTool !== undefined) return { token: toolToken(fromTool, "gcloud"), expiresAtMs: Date.now() + toolLifetimeMs };
  return metadataToken(services, signal);
}

/**
 * Requests a token from the machine's metadata server. Google's library is not used here: it probes for several
 * seconds, caches the lack of a server for the life of the process, and reads responses of any size.
 */
async function metadataToken(services: ConnectorServices, signal: AbortSignal | undefined): Promise<AccessToken> {
  const host = services.env["GCE_METADATA_HOST"] || "metadata.google.internal";
  const url = new URL(`http://${host}/computeMetadata/v1/instance/service-accounts/default/token`);
  try {
    const request = { url, headers: { "metadata-flavor": "Google" }, timeoutMs: 3000, signal };
    const answer = await askService(request, "get a token", tokenSchema, services);
    return accessToken(answer.access_token, endOf(answer));
  } catch (error) {
    signal?.throwIfAborted();
    throw new ImageBuilderError(
      "connectorFailed",
      "This machine is not signed in to Google Cloud. " +
        `Run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS. (${messageOf(error)})`,
      { cause: error },
    );
  }
}

/** A credential file's text: how to name it, whether it is the machine's own, and whom to impersonate with it. */
interface JsonOptions {
  readonly what: string;
  readonly isOwn: boolean;
  readonly impersonate?: string;
}

async function tokenOfJson(
  text: string,
  { what, isOwn, impersonate }: JsonOptions,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AccessToken> {
  const place = { env: services.env, isOwn };
  const credentials = parseGoogleCredentials(text, what, place);
  const { libraryToken } = await import("./googleAuth");
  let [failed, expiresAtMs]: [unknown, number | undefined] = [undefined, undefined];
  const keeping =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    (...args: Args) =>
      work(...args).catch((error: unknown) => {
        failed ??= error;
        throw error;
      });
  try {
    const token = await libraryToken({
      credentials,
      ...(impersonate !== undefined && { impersonate }),
      scope,
      fetch: keeping(googleFetch(credentials, place, services, signal, (end) => (expiresAtMs = end))),
      subjectToken: keeping((account) => externalToken(account, services, signal)),
    });
    return accessToken(checkService(token, "Google's library", secretText), expiresAtMs);
  } catch (error) {
    signal?.throwIfAborted();
    const cause = failed ?? error;
    if (ImageBuilderError.is(cause)) throw cause;
    // The library's message may quote the file.
    throw new ImageBuilderError(
      "connectorFailed",
      `Can't sign in to Google Cloud with credentials of the type "${credentials.type}". ` +
        "Use the complete, unmodified file from Google Cloud or gcloud.",
      { cause },
    );
  }
}

function accessToken(token: string, expiresAtMs: number | undefined): AccessToken {
  return { token, ...(expiresAtMs !== undefined && { expiresAtMs }) };
}
