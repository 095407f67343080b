import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { jsonWebToken } from "../support/clouds";
import { temporaryFolder } from "../support/folder";
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
