import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { HttpClient } from "../../src/core/http/httpClient";
import { temporaryFolder } from "../support/folder";
import type { Answer } from "../support/namedHosts";
import { startRegistries, type RegistriesWorld } from "./registriesWorld";
import { test, fails, all } from "./registryPlaces";

describe("a registry", function () {
  this.timeout(60_000);
  let world: RegistriesWorld;
  before(async () => void (world = await startRegistries()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  describe("over TLS", () => {
    const at = (env: NodeJS.ProcessEnv, certificateFolders: string[] = []) =>
      world.client("registry.example.test", test, { http: new HttpClient({ env, certificateFolders }) });

    it("is trusted by SSL_CERT_FILE, through the proxy of the environment", async () => {
      world.hosts.seen.length = 0;
      assert.ok((await all(at(world.hosts.env).repositories())).includes("team/app"));
      assert.deepEqual([...new Set(world.hosts.seen.map(({ host }) => host))], ["registry.example.test"]);
    });

    it("is trusted by its certificate in Docker's certs.d, and only its own", async () => {
      const folder = temporaryFolder();
      for (const name of ["registry.example.test", "other.example.test"]) mkdirSync(join(folder, name));
      const { HTTPS_PROXY } = world.hosts.env;
      copyFileSync(world.authority.certificate, join(folder, "other.example.test", "ca.crt"));
      await assert.rejects(
        all(at({ HTTPS_PROXY }, [folder]).repositories()),
        fails("registryTls", /registry\.example\.test: .* untrusted authority \(x509\).*certs\.d/),
      );
      copyFileSync(world.authority.certificate, join(folder, "registry.example.test", "ca.crt"));
      assert.ok((await all(at({ HTTPS_PROXY }, [folder]).repositories())).includes("team/app"));
    });

    it("that is not trusted is spoken to only if it is named insecure", async () => {
      const http = new HttpClient({ env: { HTTPS_PROXY: world.hosts.env["HTTPS_PROXY"] }, certificateFolders: [] });
      await assert.rejects(
        world.client("registry.example.test", test, { http, insecure: async () => false }).ping(),
        fails("registryTls", /x509/),
      );
      await world.client("registry.example.test", test, { http, insecure: async () => true }).ping();
    });

    it("gets its credentials back at no other host it redirects to, nor by its token service without TLS", async () => {
      world.hosts.serve("redirects.example.test", ({ url, authorization }): Answer => {
        if (!authorization) return { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
        if (url.startsWith("/v2/team/app/tags"))
          return { status: 307, headers: { location: "https://storage.example.test/list" } };
        return { status: 200, body: {} };
      });
      world.hosts.serve("storage.example.test", () => ({ status: 200, body: { tags: ["1"] } }));
      world.hosts.serve("sly.example.test", () => ({
        status: 401,
        headers: { "www-authenticate": 'Bearer realm="http://storage.example.test/token",service="x"' },
      }));
      const http = new HttpClient({ env: world.hosts.env, certificateFolders: [] });
      world.hosts.seen.length = 0;
      assert.deepEqual(await all(world.client("redirects.example.test", test, { http }).tags("team/app")), [
        { name: "1" },
      ]);
      assert.deepEqual(
        world.hosts.seen.map(({ host, authorization }) => [host, Boolean(authorization)]),
        [
          ["redirects.example.test", false],
          ["redirects.example.test", true],
          ["storage.example.test", false],
        ],
      );
      await assert.rejects(
        world.client("sly.example.test", test, { http }).ping(),
        fails("registryFailed", /credentials to be sent to http:\/\/storage\.example\.test without TLS/),
      );
    });

    const realms: readonly (readonly [realm: string, message: RegExp])[] = [
      ["http://storage.example.test/token", /credentials to be sent to http:\/\/storage\.example\.test without TLS/],
      ["https://me:hunter2@storage.example.test/token", /with a user name in the URL, which is not allowed/],
      ["ftp://storage.example.test/token", /an invalid URL/],
      ["https://127.0.0.1:1/token", /refers to 127\.0\.0\.1, an address of this machine/],
      ["https://localhost:1/token", /refers to localhost \(.*\), an address of this machine/],
      ["https://[::1]:1/token", /refers to ::1, an address/],
      ["https://[::ffff:169.254.169.254]/token", /refers to ::ffff:a9fe:a9fe, an address/],
      ["https://2852039166/token", /refers to 169\.254\.169\.254, an address/],
      [
        "https://redirecting.example.test/token",
        /redirects to storage\.example\.test, but credentials aren't sent to another host/,
      ],
    ];
    for (const [realm, message] of realms) {
      it(`does not get its credentials sent to ${realm}`, async () => {
        world.hosts.serve("sly.example.test", () => ({
          status: 401,
          headers: { "www-authenticate": `Bearer realm="${realm}",service="x"` },
        }));
        world.hosts.serve("storage.example.test", () => ({ status: 200, body: { token: "x" } }));
        world.hosts.serve("redirecting.example.test", () => ({
          status: 302,
          headers: { location: "https://storage.example.test/token" },
        }));
        world.hosts.seen.length = 0;
        const http = new HttpClient({ env: world.hosts.env, certificateFolders: [] });
        await assert.rejects(world.client("sly.example.test", test, { http }).ping(), (error: Error) => {
          assert.match(error.message, message);
          return !error.message.includes("hunter2");
        });
        assert.ok(world.hosts.seen.every(({ host }) => host !== "storage.example.test"));
      });
    }

    it("gets its credentials sent to a token service at another host, as by docker login", async () => {
      world.hosts.serve("split.example.test", ({ authorization }) =>
        authorization === "Bearer y"
          ? { status: 200, body: {} }
          : {
              status: 401,
              headers: { "www-authenticate": 'Bearer realm="https://tokens.example.test/token",service="x"' },
            },
      );
      world.hosts.serve("tokens.example.test", () => ({ status: 200, body: { token: "y" } }));
      world.hosts.seen.length = 0;
      await world
        .client("split.example.test", test, {
          http: new HttpClient({ env: world.hosts.env, certificateFolders: [] }),
        })
        .ping();
      assert.deepEqual(
        world.hosts.seen.map(({ host, authorization = "" }) => [host, authorization.split(" ")[0]]),
        [
          ["split.example.test", ""],
          ["tokens.example.test", "Basic"],
          ["split.example.test", "Bearer"],
        ],
      );
    });

    it("is asked for the next page at its own host, whatever it calls itself", async () => {
      world.hosts.serve("pages.example.test", ({ url }) => {
        if (url === "/v2/") return { status: 200, body: {} };
        return url.includes("last=")
          ? { status: 200, body: { tags: ["2"] } }
          : {
              status: 200,
              headers: { link: '<http://inner.example/v2/team/app/tags/list?last=1&n=100>; rel="next"' },
              body: { tags: ["1"] },
            };
      });
      const http = new HttpClient({ env: world.hosts.env, certificateFolders: [] });
      assert.deepEqual(await all(world.client("pages.example.test", undefined, { http }).tags("team/app")), [
        { name: "1" },
        { name: "2" },
      ]);
    });

    it("tells when tags were pushed, as Google's does, and they come newest first", async () => {
      const manifest = {
        "sha256:a": { tag: ["old"], timeUploadedMs: "1000" },
        "sha256:b": { tag: ["new"], timeUploadedMs: "2000" },
      };
      world.hosts.serve("europe-docker.pkg.dev", () => ({
        status: 200,
        body: { tags: ["old", "plain", "new"], manifest },
      }));
      const http = new HttpClient({ env: world.hosts.env, certificateFolders: [] });
      assert.deepEqual(
        await all(world.client("europe-docker.pkg.dev", undefined, { http }).tags("project/repository/app")),
        [
          { name: "new", pushedAt: "1970-01-01T00:00:02.000Z" },
          { name: "old", pushedAt: "1970-01-01T00:00:01.000Z" },
          { name: "plain" },
        ],
      );
    });
  });
});
