import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { readAnswer } from "../../border/readAnswer";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { isLoopback } from "../../http/proxy";
import { answerBorder, askService, checkService, formRequest, secretText, sendTo } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { runTool } from "../runTool";
import type { AwsKeys, AwsSignIn } from "../awsSignIn";
import { signedHeaders } from "./signature";

/** Keys, and when they end in milliseconds since 1970, if they do. */
export interface AwsCredentials extends AwsKeys {
  readonly expiresAtMs?: number;
}

/**
 * As STS, the CLI and the machine's own services write them; the CLI calls the token otherwise, and keys that do not
 * end have none.
 */
const credentialsSchema = z.looseObject({
  AccessKeyId: secretText,
  SecretAccessKey: secretText,
  Token: z.union([secretText, z.literal("")]).nullish(),
  SessionToken: z.union([secretText, z.literal("")]).nullish(),
  Expiration: z.string().nullish(),
});

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

/** Where Amazon's services of a region are. */
export function awsEndpoint(service: "api.ecr" | "sts", region: string): URL {
  return new URL(`https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`);
}

/** Asks STS, whose answers are XML. */
async function session(
  action: Readonly<Record<string, string>>,
  region: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
  keys?: AwsKeys,
): Promise<AwsCredentials> {
  const url = awsEndpoint("sts", region);
  const request = formRequest(url.href, { Version: "2011-06-15", ...action }, signal);
  const unsigned = { "content-type": "application/x-www-form-urlencoded" };
  const headers = keys
    ? signedHeaders({ url, service: "sts", region, headers: unsigned, body: request.body ?? "" }, keys)
    : unsigned;
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

/**
 * By Amazon's order: the environment, a web identity, the files, the CLI (which knows sign-ins by browser), the
 * container's or the machine's role.
 */
async function implicitCredentials(
  profile: string | undefined,
  region: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AwsCredentials> {
  const { env } = services;
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (profile === undefined && accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  if (profile === undefined && env["AWS_WEB_IDENTITY_TOKEN_FILE"] && env["AWS_ROLE_ARN"]) {
    const WebIdentityToken = (await readTokenFile(env["AWS_WEB_IDENTITY_TOKEN_FILE"])).trim();
    return session(
      {
        Action: "AssumeRoleWithWebIdentity",
        RoleArn: env["AWS_ROLE_ARN"],
        RoleSessionName: env["AWS_ROLE_SESSION_NAME"] ?? "image-builders",
        WebIdentityToken,
      },
      region,
      services,
      signal,
    );
  }
  const found =
    (await fromFile(profile ?? env["AWS_PROFILE"] ?? "default", env)) ??
    (await fromTool(profile, services, signal)) ??
    (await fromContainer(services, signal));
  return found ?? fromMachine(services, signal);
}

async function fromFile(profile: string, env: NodeJS.ProcessEnv): Promise<AwsCredentials | undefined> {
  const folder = join(env["HOME"] ?? homedir(), ".aws");
  for (const [file, section] of [
    [env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(folder, "credentials"), profile],
    [env["AWS_CONFIG_FILE"] ?? join(folder, "config"), profile === "default" ? profile : `profile ${profile}`],
  ] as const) {
    const values = sectionOf(await readSmallFile(file).catch(() => ""), section);
    const [accessKeyId, secretAccessKey, sessionToken] = [
      "aws_access_key_id",
      "aws_secret_access_key",
      "aws_session_token",
    ].map((key) => values.get(key));
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  }
  return undefined;
}

function sectionOf(text: string, name: string): Map<string, string> {
  const values = new Map<string, string>();
  let current = "";
  for (const line of text.split(/\r?\n/)) {
    const written = line.trim();
    const close = written.startsWith("[") ? written.indexOf("]") : -1;
    if (close > 0) current = written.slice(1, close).trim() || current;
    const equals = written.indexOf("=");
    const key = written.slice(0, Math.max(equals, 0)).trimEnd();
    if (current === name && /^[a-z_]+$/i.test(key)) values.set(key, written.slice(equals + 1).trimStart());
  }
  return values;
}

async function fromTool(
  profile: string | undefined,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AwsCredentials | undefined> {
  const env = profile === undefined ? services.env : { ...services.env, AWS_PROFILE: profile };
  const text = await runTool("aws", ["configure", "export-credentials", "--format", "process"], env, signal);
  return text === undefined
    ? undefined
    : credentialsOf(readAnswer(text, answerBorder('The program "aws"', credentialsSchema)));
}

async function fromContainer(
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AwsCredentials | undefined> {
  const {
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: full,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
  } = services.env;
  const address = relative ? `http://169.254.170.2${relative}` : full;
  if (!address) return undefined;
  if (!URL.canParse(address))
    throw new ImageBuilderError(
      "connectorFailed",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a valid URL. Correct or unset it.",
    );
  const url = new URL(address);
  // The token must not go over the network in the clear; these two addresses are the container's own host.
  if (
    url.protocol !== "https:" &&
    !isLoopback(url.hostname) &&
    !["169.254.170.2", "169.254.170.23"].includes(url.hostname)
  ) {
    throw new ImageBuilderError(
      "connectorFailed",
      `AWS_CONTAINER_CREDENTIALS_FULL_URI must use HTTPS or an address of this machine, but points to ${url.host}.`,
    );
  }
  return credentialsOf(
    await askService(
      { url, headers: token ? { authorization: token } : {}, signal, timeoutMs: 5000 },
      "get the container's credentials",
      credentialsSchema,
      services,
    ),
  );
}

/** What the metadata service tells is some hundred bytes. */
const maxMachineBytes = 64 * 1024;

async function fromMachine(services: ConnectorServices, signal: AbortSignal | undefined): Promise<AwsCredentials> {
  try {
    if (services.env["AWS_EC2_METADATA_DISABLED"] === "true") throw new Error("the metadata service is disabled");
    const base = services.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254";
    const ask = async (path: string, headers: Record<string, string>, method = "GET") =>
      (
        await sendTo(
          { url: new URL(path, base), method, headers, timeoutMs: 2000, maxBytes: maxMachineBytes, signal },
          "get this machine's credentials",
          services,
        )
      ).body
        .toString("utf8")
        .trim();
    const token = await ask("/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "300" }, "PUT");
    const headers = { "x-aws-ec2-metadata-token": token };
    const roles = "/latest/meta-data/iam/security-credentials/";
    const role = (await ask(roles, headers)).split("\n")[0] ?? "";
    return credentialsOf(
      readAnswer(
        await ask(roles + encodeURIComponent(role), headers),
        answerBorder("The metadata service", credentialsSchema),
      ),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new ImageBuilderError(
      "connectorFailed",
      `This machine is not signed in to AWS. Run "aws configure" or "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. (${messageOf(error)})`,
      { cause: error },
    );
  }
}

async function readTokenFile(file: string): Promise<string> {
  return readSmallFile(file).catch((error: unknown) => {
    throw new ImageBuilderError(
      "connectorFailed",
      `Can't read the file "${file}" named by AWS_WEB_IDENTITY_TOKEN_FILE (${messageOf(error)}). Check that it exists and is readable.`,
      { cause: error },
    );
  });
}

function credentialsOf({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Token,
  SessionToken,
  Expiration,
}: z.infer<typeof credentialsSchema>): AwsCredentials {
  const sessionToken = Token || SessionToken;
  const end = Date.parse(Expiration ?? "");
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(end > 0 && { expiresAtMs: end }) };
}
