import { checkService, formRequest, isSuccess, sendAnyway } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { AwsKeys, AwsSignIn } from "../awsSignIn";
import { awsRefusal } from "./awsRefusal";
import { partitionOf } from "../awsPartitions";
import { credentialsOf, credentialsSchema, type AwsCredentials } from "./providedCredentials";
import { signedHeaders } from "./signature";

/**
 * Gets the credentials of a sign-in: the keys themselves, a session from STS, or this machine's default credentials.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
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

/** Returns the address of an AWS service in a region. */
export function awsEndpoint(service: "api.ecr" | "api.ecr-public" | "sts", region: string): URL {
  return new URL(`https://${service}.${region}.${partitionOf(region).domain}/`);
}

/**
 * Requests a session from STS, which responds in XML.
 * `@aws-sdk/client-sts` and `client-ecr` could do this and the requests of `ecrClient.ts`. They are not used: they add
 * a megabyte for four signed requests, and our schemas would have to check their responses anyway.
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
  const purpose = `create a session (${action["Action"]})`;
  const response = await sendAnyway({ ...request, headers }, purpose, services);
  if (!isSuccess(response))
    throw awsRefusal(response, { host: url.host, purpose, renewal: "Update the connector with new credentials." });
  const text = response.body.toString("utf8");
  const read = (tag: string) => contentOf(text, tag);
  const told = {
    AccessKeyId: read("AccessKeyId"),
    SecretAccessKey: read("SecretAccessKey"),
    Token: read("SessionToken"),
    Expiration: read("Expiration"),
  };
  return credentialsOf(checkService(told, url.host, credentialsSchema));
}

/** Returns the text of the first element with a name; "" if there is none, or if it contains other elements. */
function contentOf(xml: string, tag: string): string {
  const begin = xml.indexOf(`<${tag}>`) + tag.length + "<>".length;
  const end = xml.indexOf("<", begin);
  return begin > tag.length + 1 && xml.startsWith(`</${tag}>`, end) ? xml.slice(begin, end) : "";
}
