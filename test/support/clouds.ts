import { createHash, createHmac, createVerify, generateKeyPairSync } from "node:crypto";
import type { Answer, NamedHosts, SeenRequest } from "./namedHosts";

/** The keys that the stand-ins know. */
export const awsKeys = { accessKeyId: "AKIDTESTS", secretAccessKey: "aws-s3cr3t" } as const;
export const awsRegistry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const serviceKey = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Credential files as Google writes them. */
export const googleFiles = {
  serviceAccount: JSON.stringify({
    type: "service_account",
    client_email: "pusher@my-project.iam.gserviceaccount.com",
    private_key: serviceKey.privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: "https://oauth2.googleapis.com/token",
  }),
  user: JSON.stringify({
    type: "authorized_user",
    client_id: "client",
    client_secret: "g-s3cr3t",
    refresh_token: "g-refresh",
  }),
} as const;

const hour = 3600;
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** A token of Azure's form that says when it ends. */
export function jsonWebToken(name: string, lifetimeSeconds: number): string {
  return ["{}", JSON.stringify({ name, exp: inSeconds(lifetimeSeconds) }), name]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
}

/** What a cloud hands out, and for how long. */
export interface Issued {
  readonly token: string;
  readonly seconds: number;
}

/** Makes what is handed out of its usual name and life. */
export type Issue = (token: string, seconds: number) => Issued;

/**
 * Serves the clouds' token services under their real names, by their documented protocols; each checks what it is
 * shown.
 */
export function serveClouds(hosts: NamedHosts, issue: Issue = (token, seconds) => ({ token, seconds })): void {
  hosts.serve("oauth2.googleapis.com", (seen) => google(seen, issue));
  hosts.serve("sts.googleapis.com", ({ body }) => {
    const form = new URLSearchParams(body);
    const isRight =
      form.get("grant_type") === "urn:ietf:params:oauth:grant-type:token-exchange" &&
      form.get("subject_token") === "subject" &&
      form.get("audience") === "//iam/pool";
    return isRight
      ? { status: 200, body: { access_token: "ya29.federated", expires_in: hour } }
      : { status: 400, body: { error: "invalid_grant", error_description: "The subject token is wrong" } };
  });
  hosts.serve("iamcredentials.googleapis.com", ({ url, authorization }) => {
    if (!/^Bearer ya29\./.test(authorization ?? "") || !url.includes("target%40my-project"))
      return { status: 403, body: { error: { message: "no" } } };
    return {
      status: 200,
      body: { accessToken: "ya29.impersonated", expireTime: new Date(inSeconds(hour) * 1000).toISOString() },
    };
  });
  hosts.serve("sts.us-east-1.amazonaws.com", amazonSessions);
  hosts.serve("api.ecr.us-east-1.amazonaws.com", (seen) => ecr(seen, issue));
  hosts.serve("login.microsoftonline.com", ({ url, body }) => {
    const form = new URLSearchParams(body);
    const isRight =
      url === "/tenant/oauth2/v2.0/token" &&
      form.get("client_secret") === "az-s3cr3t" &&
      form.get("scope") === "https://management.azure.com/.default";
    return isRight
      ? { status: 200, body: { access_token: jsonWebToken("azure", hour), expires_in: hour } }
      : { status: 401, body: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret" } };
  });
  hosts.serve("demo.azurecr.io/oauth2/exchange", ({ method, body }) => {
    const form = new URLSearchParams(body);
    if (method !== "POST") return { status: 404 };
    const isRight =
      form.get("grant_type") === "access_token" &&
      form.get("service") === "demo.azurecr.io" &&
      form.get("access_token")?.endsWith(Buffer.from("azure").toString("base64url"));
    return isRight
      ? { status: 200, body: { refresh_token: jsonWebToken("acr-refresh", issue("acr-refresh", 3 * hour).seconds) } }
      : { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] } };
  });
  hosts.serve("closed.azurecr.io", () => ({
    status: 401,
    body: { errors: [{ code: "UNAUTHORIZED", message: "exchange is off" }] },
  }));
  hosts.serve("management.azure.com", manager);
}

function google({ body }: SeenRequest, issue: Issue): Answer {
  const handOut = (name: string): Answer => {
    const { token, seconds } = issue(name, hour);
    return { status: 200, body: { access_token: token, expires_in: seconds } };
  };
  const form = new URLSearchParams(body);
  if (form.get("refresh_token") === "g-refresh" && form.get("client_secret") === "g-s3cr3t")
    return handOut("ya29.user");
  const [header = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  const isSigned =
    signature !== "" &&
    createVerify("RSA-SHA256").update(`${header}.${claims}`).verify(serviceKey.publicKey, signature, "base64url");
  if (!isSigned) return { status: 400, body: { error: "invalid_grant", error_description: "Invalid JWT Signature." } };
  const { aud, scope } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { aud: string; scope: string };
  return aud === "https://oauth2.googleapis.com/token" && scope.includes("cloud-platform")
    ? handOut("ya29.service")
    : { status: 400, body: { error: "invalid_scope" } };
}

/** Amazon's check of a signature, written from its specification and not from our code. */
function isSigned({ url, headers, body, host }: SeenRequest, secret: string): boolean {
  const [, date, region, service, names = "", signature] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]+)/.exec(
      headers["authorization"] ?? "",
    ) ?? [];
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const signed = names
    .split(";")
    .map((name) => `${name}:${name === "host" ? host : (headers[name] ?? "")}\n`)
    .join("");
  const canonical = `POST\n${url}\n\n${signed}\n${names}\n${sha(body)}`;
  const toSign =
    `AWS4-HMAC-SHA256\n${headers["x-amz-date"] ?? ""}\n${date}/${region}/${service}/aws4_request\n` +
    `${sha(canonical)}`;
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of [date, region, service, "aws4_request", toSign])
    key = createHmac("sha256", key)
      .update(part ?? "")
      .digest();
  return signature !== undefined && (key as Buffer).toString("hex") === signature;
}

function amazonSessions(seen: SeenRequest): Answer {
  const form = new URLSearchParams(seen.body);
  const action = form.get("Action") ?? "";
  if (action !== "AssumeRoleWithWebIdentity" && !isSigned(seen, awsKeys.secretAccessKey)) {
    return {
      status: 403,
      headers: { "content-type": "text/xml" },
      body:
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>" +
        "<Message>The signature does not match</Message></Error></ErrorResponse>",
    };
  }
  const end = new Date(inSeconds(Number(form.get("DurationSeconds") ?? hour)) * 1000).toISOString();
  const credentials =
    "<AccessKeyId>ASIASESSION</AccessKeyId><SecretAccessKey>session-s3cr3t</SecretAccessKey>" +
    `<SessionToken>session-${action}</SessionToken><Expiration>${end}</Expiration>`;
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body:
      `<${action}Response><${action}Result><Credentials>${credentials}</Credentials>` +
      `</${action}Result></${action}Response>`,
  };
}

const created: string[] = [];

function ecr(seen: SeenRequest, issue: Issue): Answer {
  const isSession = seen.headers["x-amz-security-token"]?.startsWith("session-");
  if (!isSigned(seen, isSession ? "session-s3cr3t" : awsKeys.secretAccessKey))
    return {
      status: 400,
      body: { __type: "InvalidSignatureException", message: "The request signature does not match" },
    };
  const parameters = JSON.parse(seen.body) as { nextToken?: string; repositoryName?: string };
  switch (seen.headers["x-amz-target"]) {
    case "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken":
      return {
        status: 200,
        body: {
          authorizationData: [
            {
              authorizationToken: Buffer.from("AWS:ecr-password").toString("base64"),
              expiresAt: inSeconds(issue("ecr-password", 12 * hour).seconds),
              proxyEndpoint: `https://${awsRegistry}`,
            },
          ],
        },
      };
    case "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories": {
      const names = parameters.nextToken === undefined ? ["team/first"] : ["team/second", ...created];
      const repositories = names.map((name) => ({ repositoryName: name, repositoryUri: `${awsRegistry}/${name}` }));
      return {
        status: 200,
        body: { repositories, ...(parameters.nextToken === undefined && { nextToken: "page-2" }) },
      };
    }
    case "AmazonEC2ContainerRegistry_V20150921.CreateRepository":
      created.push(parameters.repositoryName ?? "");
      return { status: 200, body: {} };
    default:
      return { status: 400, body: { __type: "UnknownOperationException" } };
  }
}

function manager({ url, method, authorization }: SeenRequest): Answer {
  if (!authorization?.startsWith("Bearer ")) return { status: 401, body: { error: { message: "no" } } };
  const id = "/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/closed";
  if (url.startsWith("/subscriptions?")) return { status: 200, body: { value: [{ subscriptionId: "sub-1" }] } };
  if (url.startsWith("/subscriptions/sub-1/providers/"))
    return { status: 200, body: { value: [{ id, properties: { loginServer: "closed.azurecr.io" } }] } };
  if (url.startsWith(`${id}/listCredentials`) && method === "POST")
    return { status: 200, body: { username: "closed", passwords: [{ name: "password", value: "admin-password" }] } };
  return { status: 404 };
}
