import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { Authority } from "../support/certificates";
import { serveClouds } from "../support/clouds";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { withEnvironment, writeProgram } from "../support/program";
import { until } from "../support/until";
import { fails, home, inHours, nowhere, region, signIn } from "./awsSignInsSupport";

/** How many threads of Node this process has. */
function threadsNow(): number {
  const { workers } = process.report.getReport() as { readonly workers: readonly unknown[] };
  return workers.length;
}

describe("AWS's provider chain", function () {
  this.timeout(120_000);
  let hosts: NamedHosts;
  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The test of AWS's sign-ins");
    hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
    serveClouds(hosts);
  });
  after(async () => {
    await hosts.stop();
    removeTemporaryFolders();
  });

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

  describe("of a container", () => {
    const keys = { AccessKeyId: "ASIAPOD", SecretAccessKey: "pod-s3cr3t", Token: "pod-token", Expiration: inHours(1) };
    let seen: IncomingHttpHeaders[];
    let status: number;
    let address: string;
    let server: ReturnType<typeof createServer>;
    before(async () => {
      server = createServer(({ headers }, answer) => {
        seen.push(headers);
        answer.writeHead(status).end(JSON.stringify(status === 200 ? keys : { Message: "Invalid token" }));
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/credentials`;
    });
    beforeEach(() => ([seen, status] = [[], 200]));
    after(() => void server.close());

    it("shows the token of a file as it is now, each time it asks (EKS Pod Identity)", async () => {
      const folder = temporaryFolder({ token: "first" });
      const env = {
        ...nowhere,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: address,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, "token"),
      };
      const { expiresAtMs, ...found } = await signIn(env);
      assert.deepEqual(found, { accessKeyId: "ASIAPOD", secretAccessKey: "pod-s3cr3t", sessionToken: "pod-token" });
      assert.equal(expiresAtMs, Date.parse(keys.Expiration));
      writeFiles(folder, { token: "second\n" });
      await signIn(env);
      assert.deepEqual(
        seen.map(({ authorization }) => authorization),
        ["first", "second"],
      );
    });

    it("is told of with its own words when it refuses", async () => {
      status = 401;
      await assert.rejects(
        signIn({ ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: address }),
        fails(/^127\.0\.0\.1:\d+ refused the request to get the container's credentials \(HTTP 401\)/),
      );
    });

    it("is not followed to another host, such as the one that tells a machine its secrets", async () => {
      let reached = 0;
      const other = createServer((_request, answer) => {
        reached++;
        answer.end(JSON.stringify({ ...keys, AccessKeyId: "ASIAOTHER" }));
      }).listen(0, "127.0.0.1");
      await once(other, "listening");
      const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
      const leading = createServer(
        (_request, answer) => void answer.writeHead(302, { location: elsewhere }).end(),
      ).listen(0, "127.0.0.1");
      await once(leading, "listening");
      const env = {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(leading.address() as AddressInfo).port}/`,
      };
      try {
        await assert.rejects(signIn({ ...nowhere, ...env }), /redirects to 127\.0\.0\.1:\d+, but credentials/);
        assert.equal(reached, 0);
      } finally {
        leading.close();
        other.close();
      }
    });

    it("is not asked where its address is another machine's and has no TLS", async () => {
      await assert.rejects(
        signIn({ ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://credentials.example/" }),
        fails(/must use HTTPS or an address of this machine, but points to credentials\.example/),
      );
    });

    it("is asked over TLS, by the proxy and with the authority of the environment", async () => {
      hosts.serve("credentials.example", () => ({ status: 200, body: keys }));
      const env = { ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: "https://credentials.example/own" };
      assert.equal((await signIn({ ...hosts.env, ...env })).accessKeyId, "ASIAPOD");
      await assert.rejects(
        signIn({ HTTPS_PROXY: hosts.env["HTTPS_PROXY"], ...env }),
        fails(/^Can't reach credentials\.example .* untrusted authority/),
      );
    });

    it("whose token cannot be read is named with the file", async () => {
      const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: address, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/no/token" };
      await assert.rejects(
        signIn({ ...nowhere, ...env }),
        fails(/^Can't read the file "\/no\/token" named by AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE/),
      );
      assert.deepEqual(seen, []);
    });

    it("is left alone for a profile that is named and not there", async () => {
      const env = { ...nowhere, AWS_CONTAINER_CREDENTIALS_FULL_URI: address };
      await assert.rejects(signIn(env, "other"), fails(/has no profile "other"/));
      assert.deepEqual(seen, []);
    });
  });

  describe("of a program (credential_process)", () => {
    const answer = (more: object = {}) => {
      const keys = { Version: 1, AccessKeyId: "ASIAPROGRAM", SecretAccessKey: "program-s3cr3t", ...more };
      return `process.stdout.write(${JSON.stringify(JSON.stringify(keys))});`;
    };

    function profile(code: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
      const folder = temporaryFolder();
      writeProgram(folder, "sign in", code);
      const command = `"${process.execPath}" "${join(folder, "sign in.js")}" --for "a b"`;
      return { ...home(`[profile robot]\ncredential_process = ${command}\n`), ...more };
    }

    it("takes what it writes, with the command line and the environment as they are", async () => {
      const Expiration = inHours(2);
      const given = `if (process.argv[3] !== "a b" || process.env.WHO !== "me") process.exit(4);`;
      const env = profile(given + answer({ SessionToken: "program-token", Expiration }), { WHO: "me" });
      assert.deepEqual(await signIn(env, "robot"), {
        accessKeyId: "ASIAPROGRAM",
        secretAccessKey: "program-s3cr3t",
        sessionToken: "program-token",
        expiresAtMs: Date.parse(Expiration),
      });
      assert.equal((await signIn({ ...env, AWS_PROFILE: "robot" })).accessKeyId, "ASIAPROGRAM");
    });

    const broken: readonly (readonly [what: string, code: string, message: RegExp])[] = [
      ["fails", `console.error("s3cr3t"); process.exit(3);`, /credential_process.* failed \(exit code 3\)\. Run it/],
      ["writes no JSON", `console.log("s3cr3t");`, /"robot" did not return valid credentials/],
      ["writes another version", answer({ Version: 7 }), /"robot" did not return valid credentials/],
      ["writes keys that have ended", answer({ Expiration: inHours(-1) }), /did not return valid credentials/],
      [
        "returned too much output",
        `(function more() { process.stdout.write("s3cr3t".repeat(10_000), more); })();`,
        /returned too much output/,
      ],
    ];
    for (const [what, code, message] of broken) {
      it(`says so when it ${what}`, async () => {
        await assert.rejects(signIn(profile(code), "robot"), fails(message));
      });
    }

    it("ends the program when nobody waits any more", async () => {
      const file = join(temporaryFolder(), "pid");
      const env = profile(
        `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`,
      );
      const stop = new AbortController();
      const asked = signIn(env, "robot", stop.signal);
      asked.catch(() => undefined);
      await until(() => existsSync(file) && readFileSync(file, "utf8") !== "", "the program has started");
      stop.abort(new Error("enough"));
      await assert.rejects(asked, /enough/);
      const pid = Number(readFileSync(file, "utf8"));
      await until(() => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      }, "the program has ended");
    });
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
