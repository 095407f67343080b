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
export function jsonWebToken(name: string, lifetimeSeconds: number, audience?: string): string {
  return ["{}", JSON.stringify({ name, exp: inSeconds(lifetimeSeconds), aud: audience }), name]
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
  for (const api of ecrApis) hosts.serve(api, (seen) => ecr(seen, issue));
  for (const [authority, manager] of Object.entries(azureAuthorities))
    hosts.serve(authority, (seen) => azureSignIn(seen, manager));
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
  for (const registry of ["gov.azurecr.us", "china.azurecr.cn", "strict.azurecr.io", "demo.eastus.geo.azurecr.io"])
    hosts.serve(`${registry}/oauth2/exchange`, azureExchange);
  hosts.serve("walled.azurecr.io", () => ({
    status: 403,
    body: {
      errors: [
        {
          code: "DENIED",
          message:
            "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
        },
      ],
    },
  }));
  hosts.serve("closed.azurecr.io", () => ({
    status: 401,
    body: { errors: [{ code: "UNAUTHORIZED", message: "exchange is off" }] },
  }));
  hosts.serve("management.azure.com", manager);
}

/** The APIs of ECR, by region and partition. */
const ecrApis = [
  "api.ecr.us-east-1.amazonaws.com",
  "api.ecr.us-west-2.amazonaws.com",
  "api.ecr.us-gov-west-1.amazonaws.com",
  "api.ecr.cn-north-1.amazonaws.com.cn",
  "api.ecr.eusc-de-east-1.amazonaws.eu",
  "api.ecr.us-iso-east-1.c2s.ic.gov",
  "api.ecr-public.us-east-1.amazonaws.com",
];

/** Azure's authorities by cloud, and the resource manager that each issues tokens for. */
export const azureAuthorities: Readonly<Record<string, string>> = {
  "login.microsoftonline.com": "https://management.azure.com",
  "login.microsoftonline.us": "https://management.usgovcloudapi.net",
  "login.chinacloudapi.cn": "https://management.chinacloudapi.cn",
};

const registryAudience = "https://containerregistry.azure.net";

function azureSignIn({ url, body }: SeenRequest, manager: string): Answer {
  const form = new URLSearchParams(body);
  const audience = form.get("scope")?.replace(/\/\.default$/, "") ?? "";
  if (url !== "/tenant/oauth2/v2.0/token" || form.get("client_secret") !== "az-s3cr3t")
    return {
      status: 401,
      body: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret" },
    };
  if (![manager, registryAudience].includes(audience))
    return { status: 400, body: { error: "invalid_resource", error_description: `AADSTS500011: ${audience}` } };
  return { status: 200, body: { access_token: jsonWebToken("azure", hour, audience), expires_in: hour } };
}

/** Takes tokens of the registry's own cloud; the one that is strict takes those for registries alone. */
function azureExchange({ host, method, body }: SeenRequest): Answer {
  const form = new URLSearchParams(body);
  const [, claims = ""] = form.get("access_token")?.split(".") ?? [];
  const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { readonly aud?: string };
  const managers: Readonly<Record<string, string>> = {
    us: "https://management.usgovcloudapi.net",
    cn: "https://management.chinacloudapi.cn",
    io: "https://management.azure.com",
  };
  const own = host.startsWith("strict.") ? [] : [managers[host.slice(-2)]];
  const isRight = [...own, registryAudience].includes(aud) && form.get("service") === host && method === "POST";
  return isRight
    ? { status: 200, body: { refresh_token: jsonWebToken("acr-refresh", 3 * hour) } }
    : { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "audience is not accepted" }] } };
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
  if (seen.headers["x-amz-security-token"] === endedSession)
    return {
      status: 403,
      headers: { "content-type": "text/xml" },
      body:
        "<ErrorResponse><Error><Code>ExpiredToken</Code>" +
        "<Message>The security token included in the request is expired</Message></Error></ErrorResponse>",
    };
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

const endedSession = "session-that-has-ended";
const created: string[] = [];

function ecr(seen: SeenRequest, issue: Issue): Answer {
  const session = seen.headers["x-amz-security-token"];
  if (session === endedSession)
    return {
      status: 400,
      body: { __type: "ExpiredTokenException", message: "The security token included in the request is expired" },
    };
  const isSession = session?.startsWith("session-");
  if (!isSigned(seen, isSession ? "session-s3cr3t" : awsKeys.secretAccessKey))
    return {
      status: 400,
      body: { __type: "InvalidSignatureException", message: "The request signature does not match" },
    };
  const parameters = JSON.parse(seen.body) as { nextToken?: string; repositoryName?: string };
  const token = (text: string) => ({
    authorizationToken: Buffer.from(`AWS:${text}`).toString("base64"),
    expiresAt: inSeconds(issue(text, 12 * hour).seconds),
  });
  switch (seen.headers["x-amz-target"]) {
    // One token opens all registries that the account may use; the endpoint is that of the account itself.
    case "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken":
      return {
        status: 200,
        body: { authorizationData: [{ ...token("ecr-password"), proxyEndpoint: `https://${awsRegistry}` }] },
      };
    case "SpencerFrontendService.GetAuthorizationToken":
      return { status: 200, body: { authorizationData: token("public-password") } };
    case "SpencerFrontendService.DescribeRepositories":
      return {
        status: 200,
        body: { repositories: [{ repositoryName: "app", repositoryUri: "public.ecr.aws/team/app" }] },
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
