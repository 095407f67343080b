import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { ImageBuilderError } from "../../src/core/base/errors";
import { googleToken } from "../../src/core/clouds/google/googleToken";
import { Authority } from "../support/certificates";
import { googleFiles, serveClouds } from "../support/clouds";
import { connectorServices } from "../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { withEnvironment } from "../support/program";

const fails = (message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, "connectorFailed") || ImageBuilderError.is(error, "requestFailed"));
  assert.match(error.message, message);
  assert.ok(!/s3cr3t|g-refresh|PRIVATE KEY|ya29/.test(`${error.message} ${String(error.cause)}`), "no secret is told");
  return true;
};

const impersonationUrl =
  "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" +
  "target%40my-project.iam.gserviceaccount.com:generateAccessToken";

describe("Google's library", function () {
  this.timeout(120_000);
  let hosts: NamedHosts;
  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The test of Google's sign-ins");
    hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
  });
  beforeEach(() => {
    serveClouds(hosts);
    hosts.seen.length = 0;
  });
  after(async () => {
    await hosts.stop();
    removeTemporaryFolders();
  });

  /** Signs in by application default credentials, as gcloud writes them. */
  function signIn(credentials: object | string, env = hosts.env, signal?: AbortSignal) {
    const text = typeof credentials === "string" ? credentials : JSON.stringify(credentials);
    const folder = temporaryFolder({ "gcloud/application_default_credentials.json": text });
    const given = { ...env, CLOUDSDK_CONFIG: join(folder, "gcloud"), GCE_METADATA_HOST: "127.0.0.1:1" };
    return googleToken({ kind: "implicit" }, connectorServices(given), signal);
  }
  const external = (source: object, more: object = {}) => ({
    type: "external_account",
    audience: "//iam/pool",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: source,
    ...more,
  });
  const impersonated = (source: string, more: object = {}) => ({
    type: "impersonated_service_account",
    service_account_impersonation_url: impersonationUrl,
    source_credentials: JSON.parse(source) as object,
    ...more,
  });
  const workforce = {
    type: "external_account_authorized_user",
    audience: "//iam/workforce",
    client_id: "client",
    client_secret: "g-s3cr3t",
    refresh_token: "g-refresh",
    token_url: "https://sts.googleapis.com/v1/oauthtoken",
  };

  const kinds: readonly (readonly [kind: string, credentials: () => object | string, token: string])[] = [
    ["authorized_user", () => googleFiles.user, "ya29.user"],
    ["service_account", () => googleFiles.serviceAccount, "ya29.service"],
    ["impersonated_service_account of a user", () => impersonated(googleFiles.user), "ya29.impersonated"],
    ["impersonated_service_account of a key", () => impersonated(googleFiles.serviceAccount), "ya29.impersonated"],
    ["external_account", () => external({ file: join(temporaryFolder({ t: "subject" }), "t") }), "ya29.federated"],
    ["external_account_authorized_user", () => workforce, "ya29.workforce"],
  ];
  for (const [kind, credentials, token] of kinds) {
    it(`signs in by ${kind}, through the proxy and with the authority of the environment`, async () => {
      hosts.serve("sts.googleapis.com/v1/oauthtoken", ({ body, authorization }) => {
        const isRight =
          new URLSearchParams(body).get("refresh_token") === "g-refresh" &&
          authorization === `Basic ${Buffer.from("client:g-s3cr3t").toString("base64")}`;
        return isRight
          ? { status: 200, body: { access_token: "ya29.workforce", expires_in: 3600 } }
          : { status: 401, body: { error: "invalid_client" } };
      });
      const { token: found, expiresAtMs = 0 } = await signIn(credentials());
      assert.equal(found, token);
      assert.ok(Math.abs(expiresAtMs - Date.now() - 3600_000) < 30_000, String(expiresAtMs));
      await assert.rejects(
        signIn(credentials(), { HTTPS_PROXY: hosts.env["HTTPS_PROXY"] }),
        fails(/^Can't reach \w+\.googleapis\.com to .* signed by an untrusted authority/),
      );
    });
  }

  it("names the accounts between, and asks for what a registry needs", async () => {
    const delegates = ["projects/-/serviceAccounts/between@my-project.iam.gserviceaccount.com"];
    await signIn(impersonated(googleFiles.user, { delegates }));
    const asked = hosts.seen.find(({ host }) => host === "iamcredentials.googleapis.com");
    assert.equal(asked?.authorization, "Bearer ya29.user");
    assert.deepEqual(JSON.parse(asked?.body ?? ""), {
      delegates,
      scope: ["https://www.googleapis.com/auth/cloud-platform"],
      lifetime: "3600s",
    });
  });

  it("sends a user's secrets where the file says", async () => {
    hosts.serve("tokens.example", ({ body }) => ({
      status: 200,
      body: { access_token: new URLSearchParams(body).get("refresh_token") === "g-refresh" ? "ya29.own" : "no" },
    }));
    const user = JSON.parse(googleFiles.user) as object;
    const found = await signIn({ ...user, token_uri: "https://tokens.example/token" });
    assert.deepEqual(found, { token: "ya29.own" });
  });

  it("takes the token of another provider from an address", async () => {
    const server = createServer(({ headers }, answer) =>
      answer.end(JSON.stringify({ value: headers["metadata"] === "true" ? "subject" : "none" })),
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const format = { type: "json", subject_token_field_name: "value" };
    assert.equal((await signIn(external({ url, headers: { metadata: "true" }, format }))).token, "ya29.federated");
    server.close();
  });

  it("proves the role of a machine of Amazon's", async () => {
    const asked: string[] = [];
    const keys = { AccessKeyId: "ASIAROLE", SecretAccessKey: "role-s3cr3t", Token: "role-token" };
    const server = createServer(({ method, url = "", headers }, answer) => {
      asked.push(`${method} ${url}`);
      const isAllowed = method === "PUT" || headers["x-aws-ec2-metadata-token"] === "imds";
      const told = method === "PUT" ? "imds" : url === "/zone" ? "us-east-1a" : url === "/roles" ? "pusher" : undefined;
      answer.writeHead(isAllowed ? 200 : 401).end(told ?? JSON.stringify(keys));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    hosts.serve("sts.googleapis.com", ({ body }) => {
      const subject = decodeURIComponent(new URLSearchParams(body).get("subject_token") ?? "");
      const { url, headers } = JSON.parse(subject) as {
        url: string;
        headers: readonly { key: string; value: string }[];
      };
      const signed = headers.find(({ key }) => key.toLowerCase() === "authorization")?.value ?? "";
      return url.startsWith("https://sts.us-east-1.amazonaws.com") && signed.includes("Credential=ASIAROLE/")
        ? { status: 200, body: { access_token: "ya29.role", expires_in: 3600 } }
        : { status: 400, body: { error: "invalid_grant" } };
    });
    const source = {
      environment_id: "aws1",
      region_url: `${base}/zone`,
      url: `${base}/roles`,
      imdsv2_session_token_url: `${base}/token`,
      regional_cred_verification_url: "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    };
    const none = Object.fromEntries(
      ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => [
        name,
        undefined,
      ]),
    );
    await withEnvironment(none, async () => assert.equal((await signIn(external(source))).token, "ya29.role"));
    server.close();
    assert.deepEqual([...new Set(asked)].sort(), ["GET /roles", "GET /roles/pusher", "GET /zone", "PUT /token"]);
  });

  const wrong: readonly (readonly [what: string, place: string, body: object | string, message: RegExp])[] = [
    ["a token that is none", "oauth2.googleapis.com", { access_token: 7 }, /\("access_token" is invalid\)/],
    ["no token", "oauth2.googleapis.com", { id_token: "x" }, /\("access_token" is invalid\)/],
    ["a page", "oauth2.googleapis.com", "<html>", /^oauth2\.googleapis\.com did not return a valid response/],
    ["a time that is none", "iamcredentials.googleapis.com", { accessToken: "x", expireTime: "soon" }, /"expireTime"/],
    ["more than a token", "oauth2.googleapis.com", "x".repeat(5 * 2 ** 20), /is larger than 4 MiB/],
  ];
  for (const [what, place, body, message] of wrong) {
    it(`is not handed ${what}`, async () => {
      hosts.serve(place, () => ({ status: 200, body }));
      await assert.rejects(signIn(impersonated(googleFiles.user)), fails(message));
    });
  }

  it("tells a refusal in the service's own words, and does not ask again", async () => {
    await assert.rejects(
      signIn(impersonated(googleFiles.user.replace("g-refresh", "old"))),
      fails(/^oauth2\.googleapis\.com refused the request to sign in \(HTTP 400\) \(Invalid JWT Signature/),
    );
    assert.equal(hosts.seen.length, 1);
  });

  const refused: readonly (readonly [what: string, credentials: () => object, message: RegExp])[] = [
    ["a program", () => external({ executable: { command: "/bin/true" } }), /a credential_source with a file, a url/],
    [
      "a type that is none",
      () => ({ type: "magic" }),
      /the unsupported type "magic"\. Use one of the types "authorized_user"/,
    ],
    ["no type", () => ({}), /The credentials have no type/],
    ["half a user", () => ({ type: "authorized_user", client_id: "x" }), /has no valid "client_secret"/],
    [
      "an inner file of another type",
      () => impersonated('{"type":"magic"}'),
      /The credentials have the unsupported type "magic"/,
    ],
    [
      "an address without TLS",
      () => impersonated(googleFiles.user, { service_account_impersonation_url: "http://iam.example/x" }),
      /contain "http:\/\/iam\.example\/x", which is not an HTTPS URL/,
    ],
    [
      "an inner address without TLS",
      () => impersonated(googleFiles.serviceAccount.replace("https://oauth2", "http://oauth2")),
      /is not an HTTPS URL/,
    ],
  ];
  for (const [what, credentials, message] of refused) {
    it(`is not asked with ${what}`, async () => {
      await assert.rejects(signIn(credentials()), fails(message));
      assert.deepEqual(hosts.seen, []);
    });
  }

  it("stops when nobody waits any more", async () => {
    const stop = new AbortController();
    hosts.serve("oauth2.googleapis.com", () => {
      stop.abort(new Error("enough"));
      return { status: 200, body: { access_token: "late" } };
    });
    await assert.rejects(signIn(googleFiles.user, hosts.env, stop.signal), /enough/);
  });
});
