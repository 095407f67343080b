import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { Authority } from "../support/certificates";
import { awsKeys, serveClouds } from "../support/clouds";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { region, nowhere, inHours, fails, home, signIn } from "./awsSignInsSupport";

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

  describe("of single sign-on", () => {
    const config = `[sso-session work]
sso_start_url = https://work.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = work
sso_account_id = 123456789012
sso_role_name = Pusher
`;
    const tokenFile = `.aws/sso/cache/${createHash("sha1").update("work").digest("hex")}.json`;
    const token = (hours: number, more: object = {}) => ({
      [tokenFile]: JSON.stringify({ accessToken: "sso-s3cr3t", expiresAt: inHours(hours), ...more }),
    });
    let isOpen: boolean;
    beforeEach(() => {
      isOpen = true;
      hosts.serve("portal.sso.us-east-1.amazonaws.com/federation/credentials", ({ url, headers }) => {
        const { searchParams } = new URL(url, "https://portal");
        const isRight =
          isOpen &&
          ["sso-s3cr3t", "renewed-s3cr3t"].includes(headers["x-amz-sso_bearer_token"] ?? "") &&
          searchParams.get("account_id") === "123456789012" &&
          searchParams.get("role_name") === "Pusher";
        const roleCredentials = {
          accessKeyId: "ASIASSO",
          secretAccessKey: `role-${headers["x-amz-sso_bearer_token"]}`,
          sessionToken: "sso-token",
          expiration: Date.parse("2099-01-01T00:00:00Z"),
        };
        return isRight
          ? { status: 200, body: { roleCredentials } }
          : {
              status: 401,
              headers: { "x-amzn-errortype": "UnauthorizedException" },
              body: { message: "Session token not found or invalid" },
            };
      });
      hosts.serve("oidc.us-east-1.amazonaws.com/token", ({ body }) => {
        const { refreshToken, clientId, grantType } = JSON.parse(body) as Record<string, string>;
        return refreshToken === "again" && clientId === "ide" && grantType === "refresh_token"
          ? { status: 200, body: { accessToken: "renewed-s3cr3t", expiresIn: 3600, tokenType: "Bearer" } }
          : { status: 400, body: { error: "invalid_grant" } };
      });
    });

    it("trades the session for keys at the portal, by the environment's proxy and authority", async () => {
      assert.deepEqual(await signIn({ ...hosts.env, ...home(config, token(1)) }, "dev"), {
        accessKeyId: "ASIASSO",
        secretAccessKey: "role-sso-s3cr3t",
        sessionToken: "sso-token",
        expiresAtMs: Date.parse("2099-01-01T00:00:00Z"),
      });
    });

    it("renews a session that may be renewed, and writes it down for the other tools", async () => {
      const more = { refreshToken: "again", clientId: "ide", clientSecret: "c", region };
      const env = home(config, token(-1, more));
      const found = await signIn({ ...hosts.env, ...env, AWS_PROFILE: "dev" });
      assert.equal(found.secretAccessKey, "role-renewed-s3cr3t");
      const kept = JSON.parse(readFileSync(join(env["HOME"] ?? "", tokenFile), "utf8")) as { accessToken: string };
      assert.equal(kept.accessToken, "renewed-s3cr3t");
    });

    it("says how to sign in where the session has ended, or there is none", async () => {
      for (const files of [token(-1), {}])
        await assert.rejects(
          signIn({ ...hosts.env, ...home(config, files) }, "dev"),
          fails(/^The AWS profile "dev" has no active session\. Run "aws sso login --profile dev" to sign in\.$/),
        );
    });

    it("says how to sign in where a session can't be renewed any more", async () => {
      isOpen = false;
      const more = { refreshToken: "ended", clientId: "ide", clientSecret: "c", region };
      await assert.rejects(
        signIn({ ...hosts.env, ...home(config, token(-1, more)) }, "dev"),
        fails(/^oidc\.us-east-1\.amazonaws\.com refused .*\(invalid_grant\)\. Run "aws sso login --profile dev" to/),
      );
    });

    it("tells the portal's refusal first, and then how to sign in", async () => {
      isOpen = false;
      await assert.rejects(
        signIn({ ...hosts.env, ...home(config, token(1)) }, "dev"),
        fails(
          new RegExp(
            "^portal\\.sso\\.us-east-1\\.amazonaws\\.com refused the request to get credentials \\(HTTP 401\\) " +
              "\\(Session token not found or invalid\\)\\. " +
              'Run "aws sso login --profile dev" to sign in again\\.$',
          ),
        ),
      );
    });

    it("says that the portal's authority is not trusted, where it is not", async () => {
      await assert.rejects(
        signIn({ HTTPS_PROXY: hosts.env["HTTPS_PROXY"], ...home(config, token(1)) }, "dev"),
        fails(/^Can't reach portal\.sso.* signed by an untrusted authority/),
      );
    });
  });

  describe("of roles", () => {
    const { accessKeyId, secretAccessKey } = awsKeys;
    const roleArn = "arn:aws:iam::123456789012:role/pusher";
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

    it("takes on the role of a profile by the keys of another, through the proxy", async () => {
      const env = home(`[profile base]\n${keys}[profile pusher]\nrole_arn = ${roleArn}\nsource_profile = base\n`);
      const { expiresAtMs = 0, ...found } = await signIn({ ...hosts.env, ...env }, "pusher");
      assert.deepEqual(found, {
        accessKeyId: "ASIASESSION",
        secretAccessKey: "session-s3cr3t",
        sessionToken: "session-AssumeRole",
      });
      assert.ok(Math.abs(expiresAtMs - Date.now() - 3600_000) < 30_000, String(expiresAtMs));
    });

    it("takes on a role by a web identity, of the environment or of a profile", async () => {
      const file = join(temporaryFolder({ token: "web identity" }), "token");
      const profile = `[profile web]\nrole_arn = ${roleArn}\nweb_identity_token_file = ${file}\n`;
      for (const [env, name] of [
        [{ ...nowhere, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: roleArn }, undefined],
        [home(profile), "web"],
      ] as const) {
        hosts.seen.length = 0;
        assert.equal((await signIn({ ...hosts.env, ...env }, name)).sessionToken, "session-AssumeRoleWithWebIdentity");
        assert.deepEqual(
          hosts.seen.map(({ host, body }) => [host, new URLSearchParams(body).get("WebIdentityToken")]),
          [["sts.us-east-1.amazonaws.com", "web identity"]],
        );
      }
    });

    it("tells STS's own words when it refuses", async () => {
      const wrong = `[profile base]\n${keys.replace(secretAccessKey, "wrong")}`;
      const env = home(`${wrong}[profile pusher]\nrole_arn = ${roleArn}\nsource_profile = base\n`);
      await assert.rejects(
        signIn({ ...hosts.env, ...env }, "pusher"),
        fails(
          /^sts\.us-east-1\.amazonaws\.com refused the request to get credentials \(HTTP 403\) \(SignatureDoesNotMatch/,
        ),
      );
    });

    it("says that a code of a device is not asked for", async () => {
      const role = `role_arn = ${roleArn}\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/me\n`;
      await assert.rejects(
        signIn(home(`[profile base]\n${keys}[profile mfa]\n${role}`), "mfa"),
        fails(/"mfa" requires an MFA code \(mfa_serial\)/),
      );
    });

    it("names a web identity's file that cannot be read", async () => {
      await assert.rejects(
        signIn({ ...nowhere, AWS_WEB_IDENTITY_TOKEN_FILE: "/no/token", AWS_ROLE_ARN: roleArn }),
        fails(/^Can't read the file "\/no\/token" named by AWS_WEB_IDENTITY_TOKEN_FILE/),
      );
    });
  });
});
