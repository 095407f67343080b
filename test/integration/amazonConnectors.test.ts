import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { awsKeys, awsRegistry } from "../support/clouds";
import { temporaryFolder } from "../support/folder";
import { foreignEcrHosts } from "../support/registryAddresses";
import { type Clouds, fails, lasts, startClouds } from "./cloudLogins";

const region = "us-east-1";

describe("the clouds' connectors", function () {
  this.timeout(60_000);
  let world: Clouds;
  before(async () => void (world = await startClouds()));
  after(() => world.stop());

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
        const { expiresAtMs, ...rest } = await world.login("aws", method, {
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
          await world.login("aws", "sts-token", {
            resourceId: awsRegistry,
            configuration: { region, accessKeyId: "ASIASESSION" },
            secrets,
          })
        ).password,
        "ecr-password",
      );
    });

    it("opens another account's registry by the same token, and asks for it by its id", async () => {
      const resourceId = "210987654321.dkr.ecr.us-east-1.amazonaws.com";
      world.hosts.seen.length = 0;
      const login = await world.login("aws", "secret-key", {
        resourceId,
        configuration: { region, accessKeyId },
        secrets: { secretAccessKey },
      });
      assert.equal(login.registry, resourceId);
      assert.equal(login.password, "ecr-password");
      assert.deepEqual(
        world.hosts.seen.map(({ host, body }) => [host, JSON.parse(body)]),
        [["api.ecr.us-east-1.amazonaws.com", { registryIds: ["210987654321"] }]],
      );
    });

    const hosts: readonly (readonly [host: string, region: string, api: string, password?: string])[] = [
      ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1", "api.ecr.us-east-1.amazonaws.com"],
      ["123456789012.dkr-ecr.us-west-2.on.aws", "us-west-2", "api.ecr.us-west-2.amazonaws.com"],
      ["123456789012.dkr-ecr-fips.us-gov-west-1.on.aws", "us-gov-west-1", "api.ecr.us-gov-west-1.amazonaws.com"],
      ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "api.ecr.cn-north-1.amazonaws.com.cn"],
      ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "api.ecr.eusc-de-east-1.amazonaws.eu"],
      ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "api.ecr.us-iso-east-1.c2s.ic.gov"],
      ["public.ecr.aws", "eu-west-1", "api.ecr-public.us-east-1.amazonaws.com", "public-password"],
      ["ecr-public.aws.com", "us-east-1", "api.ecr-public.us-east-1.amazonaws.com", "public-password"],
    ];
    for (const [host, of, api, password = "ecr-password"] of hosts) {
      it(`asks ${api} for a login to ${host}`, async () => {
        world.hosts.seen.length = 0;
        const { expiresAtMs, ...login } = await world.login("aws", "secret-key", {
          resourceId: host,
          configuration: { region: of, accessKeyId },
          secrets: { secretAccessKey },
        });
        assert.deepEqual(login, { registry: host, username: "AWS", password });
        lasts(expiresAtMs, 12 * 3600);
        assert.deepEqual(new Set(world.hosts.seen.map((seen) => seen.host)), new Set([api]));
      });
    }

    it("fetches no login for a host that is none of ECR's", async () => {
      world.hosts.seen.length = 0;
      for (const host of foreignEcrHosts)
        await assert.rejects(
          world.login("aws", "secret-key", {
            resourceId: host,
            configuration: { region, accessKeyId },
            secrets: { secretAccessKey },
          }),
          fails("connectorInvalid", /is not an ECR registry/),
        );
      assert.deepEqual(world.hosts.seen, []);
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
          (await world.login("aws", "implicit", { resourceId: awsRegistry, configuration: { region }, env })).password,
          "ecr-password",
          JSON.stringify(env),
        );
      }
      await assert.rejects(
        world.login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region, profile: "other" },
          env: { AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") },
        }),
        fails("connectorFailed", /signature does not match/),
      );
      machine.close();
    });

    it("says of credentials that have ended that they have, and how to get new ones", async () => {
      const sessionToken = "session-that-has-ended";
      const configuration = { region, accessKeyId: "ASIASESSION" };
      await assert.rejects(
        world.login("aws", "sts-token", {
          resourceId: awsRegistry,
          configuration,
          secrets: { secretAccessKey: "session-s3cr3t", sessionToken },
        }),
        fails(
          "connectorExpired",
          /have expired: api\.ecr\..* \(The security token included in the request is expired\)\. Update the connector/,
        ),
      );
      await assert.rejects(
        world.login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region },
          env: {
            AWS_ACCESS_KEY_ID: "ASIASESSION",
            AWS_SECRET_ACCESS_KEY: "session-s3cr3t",
            AWS_SESSION_TOKEN: sessionToken,
          },
        }),
        fails(
          "connectorExpired",
          /have expired: .*Update AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN/,
        ),
      );
      const role = `[base]\naws_access_key_id = ASIASESSION\naws_secret_access_key = session-s3cr3t\n`;
      const folder = temporaryFolder({
        credentials: `${role}aws_session_token = ${sessionToken}\n`,
        config: `[profile pusher]\nrole_arn = ${roleArn}\nsource_profile = base\n`,
      });
      await assert.rejects(
        world.login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region, profile: "pusher" },
          env: {
            AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
            AWS_CONFIG_FILE: join(folder, "config"),
          },
        }),
        fails("connectorExpired", /have expired: sts\.us-east-1.*Sign in again, .* "aws sso login --profile pusher"\./),
      );
    });

    it("says plainly that a key is wrong, and that nobody is signed in", async () => {
      const configuration = { region, accessKeyId };
      await assert.rejects(
        world.login("aws", "secret-key", {
          resourceId: awsRegistry,
          configuration,
          secrets: { secretAccessKey: "wrong" },
        }),
        fails(
          "connectorFailed",
          /refused the request to sign in \(HTTP 400\) \(The request signature does not match\)/,
        ),
      );
      await assert.rejects(
        world.login("aws", "iam-role", {
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
        world.login("aws", "implicit", {
          resourceId: awsRegistry,
          configuration: { region },
          env: { AWS_EC2_METADATA_DISABLED: "true" },
        }),
        fails("connectorFailed", /not signed in to AWS\. Run "aws configure"/),
      );
    });
  });
});
