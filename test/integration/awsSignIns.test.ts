import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { withEnvironment } from "../support/program";
import { until } from "../support/until";
import { fails, home, inHours, nowhere, region, signIn } from "./awsSignInsSupport";

/** How many threads of Node this process has. */
function threadsNow(): number {
  const { workers } = process.report.getReport() as { readonly workers: readonly unknown[] };
  return workers.length;
}

describe("AWS's provider chain", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  it("starts whatever options the environment has for Node", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "env-s3cr3t" };
    for (const options of ["--use-openssl-ca", "--openssl-legacy-provider", "--title=mine", "--require /no/such.js"]) {
      const found = await signIn({ ...nowhere, ...keys, NODE_OPTIONS: options });
      assert.equal(found.accessKeyId, "AKIAENV", options);
    }
  });

  describe("that is to read a pipe or a device", () => {
    const role = "arn:aws:iam::123456789012:role/pusher";
    const session = {
      sso_start_url: "https://x.awsapps.com/start",
      sso_region: region,
      sso_account_id: "1",
      sso_role_name: "r",
    };
    const config = `[profile dev]\n${Object.entries(session)
      .map((line) => line.join(" = "))
      .join("\n")}\n`;
    const cache = `.aws/sso/cache/${createHash("sha1").update(session.sso_start_url).digest("hex")}.json`;
    let pipe: string;
    before(() => {
      pipe = join(temporaryFolder(), "pipe");
      execFileSync("mkfifo", [pipe]);
    });

    const cases: readonly (readonly [what: string, env: () => NodeJS.ProcessEnv, message: RegExp, profile?: string])[] =
      [
        [
          "a web identity out of a pipe",
          () => ({ AWS_WEB_IDENTITY_TOKEN_FILE: pipe, AWS_ROLE_ARN: role }),
          /not a file/,
        ],
        [
          "a web identity without end",
          () => ({ AWS_WEB_IDENTITY_TOKEN_FILE: "/dev/zero", AWS_ROLE_ARN: role }),
          /not a file/,
        ],
        [
          "a container's token out of a pipe",
          () => ({
            AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/",
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: pipe,
          }),
          /not a file/,
        ],
        [
          "a remembered session out of a pipe",
          () => {
            const env = home(config, { [cache]: "" });
            rmSync(join(env["HOME"] ?? "", cache));
            execFileSync("mkfifo", [join(env["HOME"] ?? "", cache)]);
            return env;
          },
          /no active session/,
          "dev",
        ],
      ];
    for (const [what, env, message, profile] of cases) {
      it(`fails at once, and its thread ends: ${what}`, async () => {
        const threads = threadsNow();
        await assert.rejects(signIn({ ...nowhere, ...env() }, profile, AbortSignal.timeout(20_000)), fails(message));
        await until(() => threadsNow() <= threads, "the thread has ended");
      });
    }
  });

  it("asks the machine's service by tokens (IMDSv2)", async () => {
    const seen: string[] = [];
    const keys = { AccessKeyId: "ASIAMACHINE", SecretAccessKey: "m-s3cr3t", Token: "m-token", Expiration: inHours(6) };
    const server = createServer(({ method, url = "", headers }, answer) => {
      seen.push(`${method} ${url} ${headers["x-aws-ec2-metadata-token"] ?? ""}`.trim());
      const isAllowed = method === "PUT" || headers["x-aws-ec2-metadata-token"] === "imds";
      const body = method === "PUT" ? "imds" : url.endsWith("/") ? "pusher" : JSON.stringify(keys);
      answer.writeHead(isAllowed ? 200 : 401).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const found = await signIn({ AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint });
    server.close();
    assert.deepEqual(found, {
      accessKeyId: "ASIAMACHINE",
      secretAccessKey: "m-s3cr3t",
      sessionToken: "m-token",
      expiresAtMs: Date.parse(keys.Expiration),
    });
    assert.deepEqual(seen, [
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/ imds",
      "GET /latest/meta-data/iam/security-credentials/pusher imds",
    ]);
  });

  it("reads the environment that counts for the connector, and no other", async () => {
    await withEnvironment({ AWS_ACCESS_KEY_ID: "AKIDOTHER", AWS_SECRET_ACCESS_KEY: "other" }, () =>
      assert.rejects(signIn(nowhere), fails(/^This machine is not signed in to AWS\. Run "aws configure"/)),
    );
    const env = { ...nowhere, AWS_ACCESS_KEY_ID: "AKIDMINE", AWS_SECRET_ACCESS_KEY: "mine" };
    assert.deepEqual(await signIn(env), { accessKeyId: "AKIDMINE", secretAccessKey: "mine" });
  });

  it("sees what has changed in the files since it was asked last", async () => {
    const env = home("[profile a]\naws_access_key_id = AKIDONE\naws_secret_access_key = one\n");
    assert.equal((await signIn(env, "a")).accessKeyId, "AKIDONE");
    writeFiles(env["HOME"] ?? "", {
      ".aws/config": "[profile a]\naws_access_key_id = AKIDTWO\naws_secret_access_key = two\n",
    });
    assert.equal((await signIn(env, "a")).accessKeyId, "AKIDTWO");
  });
});
