import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { Authority } from "../support/certificates";
import { awsKeys, awsRegistry, googleFiles, jsonWebToken, serveClouds } from "../support/clouds";
import { connectorServices, connectorsOf } from "../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { recordingOperation } from "../support/operation";

const region = "us-east-1";
const secretsOf = (values: Readonly<Record<string, string>>) => ({ cloud: values });
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  assert.ok(!/s3cr3t|ya29|PRIVATE KEY/.test(`${String(error)} ${String((error as Error).cause)}`), "no secret is told");
  return true;
};

describe("the clouds' connectors", function () {
  this.timeout(60_000);
  let hosts: NamedHosts;
  let logged: string[];
  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The connector test");
    hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
    serveClouds(hosts);
  });
  after(async () => {
    await hosts.stop();
    removeTemporaryFolders();
  });

  /** Signs in as a person who has configured just this. */
  async function login(
    type: string,
    authMethod: string,
    {
      configuration = {},
      secrets = {},
      resourceId,
      env = {},
    }: { configuration?: object; secrets?: Record<string, string>; resourceId: string; env?: NodeJS.ProcessEnv },
  ) {
    const { log, logged: lines } = recordingOperation();
    logged = lines;
    const references = Object.fromEntries(Object.keys(secrets).map((key) => [key, `{{cloud.${key}}}`]));
    const record = { name: "mine", type, authMethod, configuration: { ...configuration, ...references } };
    const connector = await connectorsOf(
      [record],
      secretsOf(secrets),
      connectorServices({ ...hosts.env, ...env }, { log }),
    ).get("mine");
    return connector.connect(resourceId);
  }
  const lasts = (expiresAtMs: number | undefined, seconds: number) =>
    assert.ok(Math.abs((expiresAtMs ?? 0) - Date.now() - seconds * 1000) < 30_000, String(expiresAtMs));

  describe("Google's [Z144][Z147]", () => {
    const resourceId = "europe-docker.pkg.dev/my-project/repo";
    const external = (source: object, more: object = {}) =>
      JSON.stringify({
        type: "external_account",
        audience: "//iam/pool",
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: "https://sts.googleapis.com/v1/token",
        credential_source: source,
        ...more,
      });
    const impersonation = {
      service_account_impersonation_url:
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" +
        "target%40my-project.iam.gserviceaccount.com:generateAccessToken",
    };

    const methods: readonly (readonly [
      method: string,
      secrets: () => Record<string, string>,
      configuration: object,
      token: string,
    ])[] = [
      ["user-account", () => ({ userAccountJson: googleFiles.user }), {}, "ya29.user"],
      ["service-account", () => ({ serviceAccountJson: googleFiles.serviceAccount }), {}, "ya29.service"],
      [
        "external-account",
        () => ({ externalAccountJson: external({ file: join(temporaryFolder({ token: "subject\n" }), "token") }) }),
        {},
        "ya29.federated",
      ],
      [
        "external-account",
        () => ({
          externalAccountJson: external(
            {
              file: join(temporaryFolder({ token: '{"id_token":"subject"}' }), "token"),
              format: { type: "json", subject_token_field_name: "id_token" },
            },
            impersonation,
          ),
        }),
        {},
        "ya29.impersonated",
      ],
      [
        "impersonation",
        () => ({ serviceAccountJson: googleFiles.serviceAccount }),
        { targetPrincipal: "target@my-project.iam.gserviceaccount.com" },
        "ya29.impersonated",
      ],
    ];
    for (const [method, secrets, configuration, token] of methods) {
      it(`signs in by ${method} as ${token}`, async () => {
        const { expiresAtMs, ...rest } = await login("gcp", method, { resourceId, configuration, secrets: secrets() });
        assert.deepEqual(rest, { registry: "europe-docker.pkg.dev", username: "oauth2accesstoken", password: token });
        lasts(expiresAtMs, 3600);
      });
    }

    it("hands on a token that is given", async () => {
      assert.deepEqual(await login("gcp", "oauth2-token", { resourceId, secrets: { token: "ya29.mine" } }), {
        registry: "europe-docker.pkg.dev",
        username: "oauth2accesstoken",
        password: "ya29.mine",
      });
    });

    it("takes the file that the environment names, then what gcloud says, then the machine's own [Z139]", async () => {
      const folder = temporaryFolder({
        "key.json": googleFiles.serviceAccount,
        gcloud: '#!/bin/sh\n[ "$*" = "auth print-access-token" ] && echo ya29.tool\n',
      });
      chmodSync(join(folder, "gcloud"), 0o755);
      const metadata = createServer((incoming, answer) => {
        const isRight =
          incoming.headers["metadata-flavor"] === "Google" &&
          incoming.url === "/computeMetadata/v1/instance/service-accounts/default/token";
        answer.writeHead(isRight ? 200 : 403).end(JSON.stringify({ access_token: "ya29.machine", expires_in: 1800 }));
      }).listen(0, "127.0.0.1");
      await once(metadata, "listening");
      const GCE_METADATA_HOST = `127.0.0.1:${(metadata.address() as AddressInfo).port}`;
      const token = async (env: NodeJS.ProcessEnv) =>
        (await login("gcp", "implicit", { resourceId, env: { GCE_METADATA_HOST, ...env } })).password;
      assert.equal(
        await token({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, "key.json"), PATH: folder }),
        "ya29.service",
      );
      assert.equal(await token({ PATH: `${folder}:/bin` }), "ya29.tool");
      assert.equal(await token({}), "ya29.machine");
      metadata.close();
    });

    const refused: readonly (readonly [
      what: string,
      method: string,
      secrets: Record<string, string>,
      message: RegExp,
    ])[] = [
      [
        "the grant is refused",
        "user-account",
        { userAccountJson: googleFiles.user.replace("g-refresh", "old") },
        /oauth2\.googleapis\.com refused the request to sign in \(HTTP 400\) \(Invalid JWT Signature/,
      ],
      [
        "the file is no JSON",
        "service-account",
        { serviceAccountJson: "PRIVATE KEY" },
        /can't be parsed as JSON\. Use the complete, unmodified file/,
      ],
      [
        "the key is none",
        "service-account",
        {
          serviceAccountJson: JSON.stringify({
            type: "service_account",
            client_email: "a@b",
            private_key: "PRIVATE KEY",
          }),
        },
        /"private_key" is not a valid key/,
      ],
      [
        "the file is of another kind",
        "service-account",
        { serviceAccountJson: '{"type":"gdch"}' },
        /the unsupported type "gdch"/,
      ],
      [
        "it would be sent without TLS",
        "service-account",
        { serviceAccountJson: googleFiles.serviceAccount.replace("https://oauth2", "http://oauth2") },
        /is not an HTTPS URL/,
      ],
      [
        "its token is not there",
        "external-account",
        { externalAccountJson: external({ file: "/nonexistent/token" }) },
        /Can't read the token file "\/nonexistent\/token" of the external account/,
      ],
    ];
    for (const [what, method, secrets, message] of refused) {
      it(`says in plain words that ${what}`, async () => {
        await assert.rejects(login("gcp", method, { resourceId, secrets }), fails("connectorFailed", message));
      });
    }

    it("says how to sign in where nobody is", async () => {
      await assert.rejects(
        login("gcp", "implicit", { resourceId, env: { GCE_METADATA_HOST: "127.0.0.1:1" } }),
        fails("connectorFailed", /not signed in to Google Cloud\. Run "gcloud auth application-default login"/),
      );
    });
  });

  describe("Amazon's [Z145][Z147]", () => {
    const { accessKeyId, secretAccessKey } = awsKeys;
    const roleArn = "arn:aws:iam::123456789012:role/pusher";
    const methods: readonly (readonly [
      method: string,
      configuration: object,
      secrets: Record<string, string>,
      seconds: number,
    ])[] = [
      ["secret-key", {}, {}, 12 * 3600],
      ["iam-role", { roleArn }, {}, 3600],
      ["iam-role", { roleArn, expirationSeconds: 900 }, {}, 900],
      ["session-token", {}, {}, 12 * 3600],
      ["federation-token", {}, {}, 12 * 3600],
    ];
    for (const [method, configuration, secrets, seconds] of methods) {
      it(`signs in by ${method} ${JSON.stringify(configuration)}, which lasts ${seconds} s`, async () => {
        const { expiresAtMs, ...rest } = await login("aws", method, {
          resourceId: awsRegistry,
          configuration: { region, accessKeyId, ...configuration },
          secrets: { secretAccessKey, ...secrets },
        });
        assert.deepEqual(rest, { registry: awsRegistry, username: "AWS", password: "ecr-password" });
        lasts(expiresAtMs, seconds);
      });
    }

    it("signs in by temporary credentials", async () => {
      const secrets = { secretAccessKey: "session-s3cr3t", sessionToken: "session-GetSessionToken" };
      assert.equal(
        (
          await login("aws", "sts-token", {
            resourceId: awsRegistry,
            configuration: { region, accessKeyId: "ASIASESSION" },
            secrets,
          })
        ).password,
        "ecr-password",
      );
    });

    it("finds the machine's sign-in: environment, web identity, files, CLI, container, machine [Z139]", async () => {
      const folder = temporaryFolder({
        credentials:
          `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n[other]\n` +
          "aws_access_key_id=x\naws_secret_access_key=wrong\n",
        token: "web identity",
        aws: `#!/bin/sh\necho '{"Version":1,"AccessKeyId":"${accessKeyId}","SecretAccessKey":"${secretAccessKey}"}'\n`,
      });
      chmodSync(join(folder, "aws"), 0o755);
      const keys = {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Expiration: new Date(Date.now() + 7200_000).toISOString(),
      };
      const machine = createServer((incoming, answer) => {
        const { url = "", method, headers } = incoming;
        const isAllowed =
          url === "/container"
            ? headers.authorization === "container-token"
            : method === "PUT" || headers["x-aws-ec2-metadata-token"] === "imds";
        const body =
          url === "/latest/api/token" ? "imds" : url.endsWith("/security-credentials/") ? "role" : JSON.stringify(keys);
        answer.writeHead(isAllowed ? 200 : 401).end(body);
      }).listen(0, "127.0.0.1");
      await once(machine, "listening");
      const base = `http://127.0.0.1:${(machine.address() as AddressInfo).port}`;
      const ways: readonly (readonly [env: NodeJS.ProcessEnv, configuration?: object])[] = [
        [{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }],
        [{ AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "token"), AWS_ROLE_ARN: roleArn }],
        [{ AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") }],
        [{ PATH: `${folder}:/bin` }],
        [
          {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `${base}/container`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN: "container-token",
          },
        ],
        [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: base }],
      ];
      for (const [env] of ways) {
        assert.equal(
          (await login("aws", "implicit", { resourceId: awsRegistry, configuration: { region }, env })).password,
          "ecr-password",
          JSON.stringify(env),
        );
      }
      await assert.rejects(
        login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region, profile: "other" },
          env: { AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") },
        }),
        fails("connectorFailed", /signature does not match/),
      );
      machine.close();
    });

    it("says plainly that a key is wrong, that the account is another's, and that nobody is signed in", async () => {
      const configuration = { region, accessKeyId };
      await assert.rejects(
        login("aws", "secret-key", { resourceId: awsRegistry, configuration, secrets: { secretAccessKey: "wrong" } }),
        fails(
          "connectorFailed",
          /refused the request to sign in \(HTTP 400\) \(The request signature does not match\)/,
        ),
      );
      await assert.rejects(
        login("aws", "iam-role", {
          resourceId: awsRegistry,
          configuration: { ...configuration, roleArn },
          secrets: { secretAccessKey: "wrong" },
        }),
        fails(
          "connectorFailed",
          /refused the request to create a session \(AssumeRole\) \(HTTP 403\) \(SignatureDoesNotMatch/,
        ),
      );
      await assert.rejects(
        login("aws", "secret-key", {
          resourceId: "210987654321.dkr.ecr.us-east-1.amazonaws.com",
          configuration,
          secrets: { secretAccessKey },
        }),
        fails("connectorInvalid", /for the registry 123456789012.* do not allow access to 210987654321/),
      );
      await assert.rejects(
        login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region },
          env: { AWS_EC2_METADATA_DISABLED: "true" },
        }),
        fails("connectorFailed", /not signed in to AWS\. Run "aws configure"/),
      );
    });
  });

  describe("Azure's [Z146][Z147]", () => {
    const resourceId = "demo";

    it("hands on a service principal, which the registry itself takes", async () => {
      const configuration = { tenantId: "tenant", clientId: "client" };
      assert.deepEqual(
        await login("azure", "service-principal", {
          resourceId,
          configuration,
          secrets: { clientSecret: "az-s3cr3t" },
        }),
        { registry: "demo.azurecr.io", username: "client", password: "az-s3cr3t" },
      );
    });

    it("exchanges a token for the registry's own, which ends with the sooner of both", async () => {
      const { expiresAtMs, password, ...rest } = await login("azure", "access-token", {
        resourceId,
        secrets: { token: jsonWebToken("azure", 3600) },
      });
      assert.deepEqual(rest, { registry: "demo.azurecr.io", username: "00000000-0000-0000-0000-000000000000" });
      assert.match(Buffer.from(password.split(".")[1] ?? "", "base64url").toString(), /acr-refresh/);
      lasts(expiresAtMs, 3600);
    });

    it("takes the admin account where the exchange is refused and the token may read it, and warns", async () => {
      assert.deepEqual(
        await login("azure", "access-token", { resourceId: "closed", secrets: { token: jsonWebToken("azure", 3600) } }),
        { registry: "closed.azurecr.io", username: "closed", password: "admin-password" },
      );
      assert.match(
        logged[0] ?? "",
        /^warn: closed\.azurecr\.io did not exchange the token .*admin account with full access is used/,
      );
      await assert.rejects(
        login("azure", "access-token", { resourceId, secrets: { token: "a wrong s3cr3t" } }),
        fails(
          "connectorFailed",
          /demo\.azurecr\.io refused .* exchange the token \(HTTP 401\) \(UNAUTHORIZED: authentication required/,
        ),
      );
    });

    it("finds what the machine is signed in as: environment, identity, the CLI, the machine [Z139]", async () => {
      const folder = temporaryFolder({ az: `#!/bin/sh\necho ${jsonWebToken("azure", 3600)}\n` });
      chmodSync(join(folder, "az"), 0o755);
      const identity = createServer(({ url = "", headers }, answer) => {
        const isRight =
          url.includes("resource=https%3A%2F%2Fmanagement.azure.com") &&
          (headers["x-identity-header"] === "secret" || headers["metadata"] === "true");
        answer.writeHead(isRight ? 200 : 400).end(JSON.stringify({ access_token: jsonWebToken("azure", 3600) }));
      }).listen(0, "127.0.0.1");
      await once(identity, "listening");
      const base = `http://127.0.0.1:${(identity.address() as AddressInfo).port}`;
      const ways: readonly NodeJS.ProcessEnv[] = [
        { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client", AZURE_CLIENT_SECRET: "az-s3cr3t" },
        { IDENTITY_ENDPOINT: `${base}/msi/token`, IDENTITY_HEADER: "secret" },
        { PATH: `${folder}:/bin` },
        { AZURE_POD_IDENTITY_AUTHORITY_HOST: base },
      ];
      for (const env of ways) lasts((await login("azure", "implicit", { resourceId, env })).expiresAtMs, 3600);
      await assert.rejects(
        login("azure", "implicit", { resourceId, env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1" } }),
        fails("connectorFailed", /not signed in to Azure\. Run "az login"/),
      );
      await assert.rejects(
        login("azure", "implicit", {
          resourceId,
          env: { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client", AZURE_CLIENT_SECRET: "wrong" },
        }),
        fails("connectorFailed", /AADSTS7000215/),
      );
      identity.close();
    });
  });
});
