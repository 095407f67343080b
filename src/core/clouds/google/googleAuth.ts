import { Agent } from "node:https";
import {
  ExternalAccountAuthorizedUserClient,
  ExternalAccountClient,
  gaxios,
  Impersonated,
  JWT,
  UserRefreshClient,
  type AuthClient,
} from "google-auth-library";
import type { GoogleCredentials } from "./googleCredentials";

// Google's own library, in a chunk that is loaded on first use: this file imports no code of ours.

/** Parameters of a sign-in with the library. */
interface LibrarySignIn {
  readonly credentials: GoogleCredentials;
  /** Service account to impersonate with the credentials, if any. */
  readonly impersonate?: string;
  readonly scope: string;
  /** Sends all requests of the library. */
  readonly fetch: typeof fetch;
  /** Returns the token of another identity provider. */
  readonly subjectToken: (credentials: GoogleCredentials & { readonly type: "external_account" }) => Promise<string>;
}

/** Gets an access token with Google's library. The caller must check the result. */
export async function libraryToken(signIn: LibrarySignIn): Promise<unknown> {
  const { scope, fetch: fetchImplementation, impersonate } = signIn;
  const transporter = new gaxios.Gaxios({
    fetchImplementation,
    // With an agent, the library doesn't create its own for a proxy, which `fetch` already handles.
    agent: new Agent(),
    retryConfig: { retry: 0, noResponseRetries: 0 },
  });
  const parts = { ...signIn, transporter, options: { transporter, scopes: [scope] } };
  const own = clientOf(signIn.credentials, parts);
  const client =
    impersonate === undefined ? own : impersonated(own, { principal: encodeURIComponent(impersonate) }, parts);
  return (await client.getAccessToken()).token;
}

interface Parts extends LibrarySignIn {
  readonly transporter: gaxios.Gaxios;
  readonly options: { readonly transporter: gaxios.Gaxios; readonly scopes: string[] };
}

function clientOf(credentials: GoogleCredentials, parts: Parts): AuthClient {
  const { options } = parts;
  switch (credentials.type) {
    case "authorized_user": {
      const client = new UserRefreshClient(options);
      client.fromJSON(credentials);
      return client;
    }
    case "service_account": {
      const client = new JWT(options);
      client.fromJSON(credentials);
      return client;
    }
    case "external_account_authorized_user":
      // The library requires these fields, but doesn't use them to get a token.
      return new ExternalAccountAuthorizedUserClient({ audience: "", token_info_url: "", ...credentials, ...options });
    case "external_account":
      return externalClient(credentials, parts);
    case "impersonated_service_account": {
      const { service_account_impersonation_url: url, source_credentials: source, delegates = [] } = credentials;
      // The library's own reader of such a file creates the inner client without our transporter.
      const principal = /\/([^/]+):generateAccessToken$/.exec(url)?.[1] ?? "";
      return impersonated(clientOf(source, parts), { principal, delegates }, parts);
    }
  }
}

function impersonated(
  sourceClient: AuthClient,
  { principal, delegates = [] }: { readonly principal: string; readonly delegates?: readonly string[] },
  { options, scope }: Parts,
): AuthClient {
  return new Impersonated({
    ...options,
    sourceClient,
    targetPrincipal: principal,
    delegates: [...delegates],
    targetScopes: [scope],
  });
}

interface AmazonSource {
  readonly environment_id: string;
  readonly regional_cred_verification_url: string;
}

function externalClient(
  credentials: GoogleCredentials & { readonly type: "external_account" },
  { options, transporter, scope, subjectToken }: Parts,
): AuthClient {
  const { credential_source: source, ...account } = credentials;
  // We read files and URLs ourselves, with a limit on their size; the library handles Amazon's protocol.
  const client =
    "environment_id" in source
      ? ExternalAccountClient.fromJSON({ ...account, credential_source: source as AmazonSource, ...options })
      : ExternalAccountClient.fromJSON({
          ...account,
          subject_token_supplier: { getSubjectToken: () => subjectToken(credentials) },
          ...options,
        });
  if (!client) throw new Error("The Google library does not support this external account.");
  client.scopes = [scope];
  // The library accepts a transporter, but doesn't use it for Google's token service.
  const { stsCredential } = client as unknown as { readonly stsCredential: object };
  Object.assign(stsCredential, { transporter });
  return client;
}
