import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { googleFiles } from "../support/clouds";
import { temporaryFolder } from "../support/folder";
import { foreignGoogleAddresses, googleAddresses } from "../support/registryAddresses";
import { type Clouds, fails, lasts, startClouds } from "./cloudLogins";

describe("the clouds' connectors", function () {
  this.timeout(60_000);
  let world: Clouds;
  before(async () => void (world = await startClouds()));
  after(() => world.stop());

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
        const { expiresAtMs, ...rest } = await world.login("gcp", method, {
          resourceId,
          configuration,
          secrets: secrets(),
        });
        assert.deepEqual(rest, { registry: "europe-docker.pkg.dev", username: "oauth2accesstoken", password: token });
        lasts(expiresAtMs, 3600);
      });
    }

    it("opens registries of projects of domains, in the form of gcr.io, and by the endpoints of regions", async () => {
      for (const [address, host] of googleAddresses) {
        const login = await world.login("gcp", "oauth2-token", {
          resourceId: address,
          secrets: { token: "ya29.mine" },
        });
        assert.deepEqual(login, { registry: host, username: "oauth2accesstoken", password: "ya29.mine" }, address);
      }
    });

    it("fetches no token for a registry that is none of Google's", async () => {
      world.hosts.seen.length = 0;
      for (const address of foreignGoogleAddresses)
        await assert.rejects(
          world.login("gcp", "user-account", {
            resourceId: address,
            secrets: { userAccountJson: googleFiles.user },
          }),
          fails("connectorInvalid", /is not a Google registry/),
        );
      assert.deepEqual(world.hosts.seen, []);
    });

    it("hands on a token that is given", async () => {
      assert.deepEqual(await world.login("gcp", "oauth2-token", { resourceId, secrets: { token: "ya29.mine" } }), {
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
        (await world.login("gcp", "implicit", { resourceId, env: { GCE_METADATA_HOST, ...env } })).password;
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
        await assert.rejects(world.login("gcp", method, { resourceId, secrets }), fails("connectorFailed", message));
      });
    }

    it("says how to sign in where nobody is", async () => {
      await assert.rejects(
        world.login("gcp", "implicit", { resourceId, env: { GCE_METADATA_HOST: "127.0.0.1:1" } }),
        fails("connectorFailed", /not signed in to Google Cloud\. Run "gcloud auth application-default login"/),
      );
    });
  });
});
