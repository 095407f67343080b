import { checkService, formRequest, sendTo } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { AwsKeys, AwsSignIn } from "../awsSignIn";
import { credentialsOf, credentialsSchema, type AwsCredentials } from "./providedCredentials";
import { signedHeaders } from "./signature";

/** @throws ImageBuilderError `connectorFailed` */
export async function awsCredentials(
  signIn: AwsSignIn,
  region: string,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<AwsCredentials> {
  switch (signIn.kind) {
    case "keys":
      return signIn.keys;
    case "session":
      return session(signIn.action, region, services, signal, signIn.keys);
    case "implicit":
      return implicitCredentials(signIn.profile, region, services, signal);
  }
}

async function implicitCredentials(
  profile: string | undefined,
  region: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AwsCredentials> {
  const { chainCredentials } = await import("./awsChain");
  return chainCredentials({ ...(profile !== undefined && { profile }), region }, services, signal);
}

/** Where Amazon's services of a region are. */
export function awsEndpoint(service: "api.ecr" | "sts", region: string): URL {
  return new URL(`https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`);
}

/**
 * Asks STS for a session, whose answers are XML.
 *
 * `@aws-sdk/client-sts` and `client-ecr` would do this and the requests of `ecrClient.ts`. They are left: a megabyte
 * for four signed requests, and each of their answers would be checked by our schemas all the same.
 */
async function session(
  action: Readonly<Record<string, string>>,
  region: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
  keys: AwsKeys,
): Promise<AwsCredentials> {
  const url = awsEndpoint("sts", region);
  const request = formRequest(url.href, { Version: "2011-06-15", ...action }, signal);
  const unsigned = { "content-type": "application/x-www-form-urlencoded" };
  const headers = signedHeaders({ url, service: "sts", region, headers: unsigned, body: request.body }, keys);
  const text = (
    await sendTo({ ...request, headers }, `create a session (${action["Action"]})`, services)
  ).body.toString("utf8");
  const read = (tag: string) => contentOf(text, tag);
  const told = {
    AccessKeyId: read("AccessKeyId"),
    SecretAccessKey: read("SecretAccessKey"),
    Token: read("SessionToken"),
    Expiration: read("Expiration"),
  };
  return credentialsOf(checkService(told, url.host, credentialsSchema));
}

/** What stands between the first tags of a name; nothing if that holds more tags. */
function contentOf(xml: string, tag: string): string {
  const begin = xml.indexOf(`<${tag}>`) + tag.length + "<>".length;
  const end = xml.indexOf("<", begin);
  return begin > tag.length + 1 && xml.startsWith(`</${tag}>`, end) ? xml.slice(begin, end) : "";
}
