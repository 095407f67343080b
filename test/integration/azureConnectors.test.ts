import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { ErrorCode } from "../../src/core/base/errors";
import { jsonWebToken } from "../support/clouds";
import { temporaryFolder } from "../support/folder";
import { foreignAzureHosts } from "../support/registryAddresses";
import { type Clouds, fails, lasts, startClouds } from "./cloudLogins";

describe("the clouds' connectors", function () {
  this.timeout(60_000);
  let world: Clouds;
  before(async () => void (world = await startClouds()));
  after(() => world.stop());

  describe("Azure's [Z146][Z147]", () => {
    const resourceId = "demo";

    it("hands on a service principal, which the registry itself takes", async () => {
      const configuration = { tenantId: "tenant", clientId: "client" };
      assert.deepEqual(
        await world.login("azure", "service-principal", {
          resourceId,
          configuration,
          secrets: { clientSecret: "az-s3cr3t" },
        }),
        { registry: "demo.azurecr.io", username: "client", password: "az-s3cr3t" },
      );
    });

    it("exchanges a token for the registry's own, which ends with the sooner of both", async () => {
      const { expiresAtMs, password, ...rest } = await world.login("azure", "access-token", {
        resourceId,
        secrets: { token: jsonWebToken("azure", 3600) },
      });
      assert.deepEqual(rest, { registry: "demo.azurecr.io", username: "00000000-0000-0000-0000-000000000000" });
      assert.match(Buffer.from(password.split(".")[1] ?? "", "base64url").toString(), /acr-refresh/);
      lasts(expiresAtMs, 3600);
    });

    it("takes the admin account where the exchange is refused and the token may read it, and warns", async () => {
      assert.deepEqual(
        await world.login("azure", "access-token", {
          resourceId: "closed",
          secrets: { token: jsonWebToken("azure", 3600) },
        }),
        { registry: "closed.azurecr.io", username: "closed", password: "admin-password" },
      );
      assert.match(
        world.logged[0] ?? "",
        /^warn: closed\.azurecr\.io did not exchange the token .*admin account with full access is used/,
      );
      await assert.rejects(
        world.login("azure", "access-token", { resourceId, secrets: { token: "a wrong s3cr3t" } }),
        fails(
          "connectorFailed",
          /demo\.azurecr\.io refused .* exchange the token \(HTTP 401\) \(UNAUTHORIZED: authentication required/,
        ),
      );
    });

    describe("by what this machine is signed in as", () => {
      const env = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client", AZURE_CLIENT_SECRET: "az-s3cr3t" };
      const audiencesAt = () =>
        world.hosts.seen
          .filter(({ url }) => url.endsWith("/token"))
          .map(({ host, body }) => [host, new URLSearchParams(body).get("scope")]);
      const registryScope = "https://containerregistry.azure.net/.default";
      const cases: readonly (readonly [registry: string, asked: readonly (readonly [string, string])[]])[] = [
        ["gov.azurecr.us", [["login.microsoftonline.us", "https://management.usgovcloudapi.net/.default"]]],
        ["china.azurecr.cn", [["login.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"]]],
        ["demo.eastus.geo.azurecr.io", [["login.microsoftonline.com", "https://management.azure.com/.default"]]],
        [
          "strict.azurecr.io",
          [
            ["login.microsoftonline.com", "https://management.azure.com/.default"],
            ["login.microsoftonline.com", registryScope],
          ],
        ],
      ];
      for (const [registry, asked] of cases) {
        it(`opens ${registry} by ${asked.map(([host, scope]) => `${host} for ${scope}`).join(", then ")}`, async () => {
          world.hosts.seen.length = 0;
          const login = await world.login("azure", "implicit", { resourceId: registry, env });
          assert.equal(login.registry, registry);
          lasts(login.expiresAtMs, 3600);
          assert.deepEqual(audiencesAt(), asked);
          assert.deepEqual(
            world.logged.filter((line) => line.startsWith("warn")),
            [],
          );
        });
      }

      it("sends no secret to the authority in the environment, where the registry is of another cloud", async () => {
        world.hosts.seen.length = 0;
        await assert.rejects(
          world.login("azure", "implicit", {
            resourceId: "gov.azurecr.us",
            env: { ...env, AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/" },
          }),
          fails(
            "connectorFailed",
            /for the cloud AzureCloud, but the registry is in AzureUSGovernment\. .*"https:\/\/login\.[^"]*\.us"/,
          ),
        );
        assert.deepEqual(world.hosts.seen, []);
      });

      it("names the cloud that the machine is not signed in to, with the command", async () => {
        await assert.rejects(
          world.login("azure", "implicit", {
            resourceId: "china.azurecr.cn",
            env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1" },
          }),
          fails(
            "connectorFailed",
            /not signed in to the cloud AzureChinaCloud\. Run "az cloud set --name AzureChinaCloud"/,
          ),
        );
      });

      it("names the firewall that a registry is behind, and tries nothing else", async () => {
        world.hosts.seen.length = 0;
        await assert.rejects(
          world.login("azure", "implicit", { resourceId: "walled.azurecr.io", env }),
          fails(
            "connectorFailed",
            /The firewall of walled\.azurecr\.io .*\(DENIED: client with IP '203\.0\.113\.7' is not.*network rules/,
          ),
        );
        assert.deepEqual(
          world.hosts.seen.map(({ host }) => host),
          ["login.microsoftonline.com", "walled.azurecr.io"],
        );
      });
    });

    const ofToken: readonly (readonly [
      what: string,
      registry: string,
      token: string,
      code: ErrorCode,
      words: RegExp,
    ])[] = [
      [
        "has expired",
        "strict.azurecr.io",
        jsonWebToken("azure", -60, "https://management.azure.com"),
        "connectorExpired",
        /The access token has expired: strict\.azurecr\.io refused .*Update the connector/,
      ],
      [
        "is for the resource manager, which the registry doesn't take",
        "strict.azurecr.io",
        jsonWebToken("azure", 3600, "https://management.core.windows.net/"),
        "connectorFailed",
        /refused .*audience is not accepted.*use one for https:\/\/containerregistry\.azure\.net\./,
      ],
      [
        "is for another cloud",
        "gov.azurecr.us",
        jsonWebToken("azure", 3600, "https://management.azure.com"),
        "connectorFailed",
        /for the cloud AzureCloud, but the registry is in AzureUSGovernment\. Use a token for .*usgovcloudapi\.net/,
      ],
    ];
    for (const [what, resourceId, token, code, words] of ofToken) {
      it(`says of a token that is refused that it ${what}`, async () => {
        await assert.rejects(
          world.login("azure", "access-token", { resourceId, secrets: { token } }),
          (error) => fails(code, words)(error) && !String(error).includes(token),
        );
      });
    }

    it("sends no token to a host that is none of Azure's registries", async () => {
      world.hosts.seen.length = 0;
      for (const resourceId of foreignAzureHosts)
        await assert.rejects(
          world.login("azure", "access-token", { resourceId, secrets: { token: jsonWebToken("azure", 3600) } }),
          fails("connectorInvalid", /is not an Azure registry/),
        );
      assert.deepEqual(world.hosts.seen, []);
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
      for (const env of ways) lasts((await world.login("azure", "implicit", { resourceId, env })).expiresAtMs, 3600);
      await assert.rejects(
        world.login("azure", "implicit", {
          resourceId,
          env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1" },
        }),
        fails("connectorFailed", /not signed in to Azure\. Run "az login"/),
      );
      await assert.rejects(
        world.login("azure", "implicit", {
          resourceId,
          env: { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client", AZURE_CLIENT_SECRET: "wrong" },
        }),
        fails("connectorFailed", /AADSTS7000215/),
      );
      identity.close();
    });
  });
});
