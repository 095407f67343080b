import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { Registry, registryUser } from "../../scripts/engines/registry.mjs";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import type { Credentials } from "../../src/core/credentials/credentialSource";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { HttpClient } from "../../src/core/http/httpClient";
import { ContainerRegistry } from "../../src/core/contracts/containerRegistry";
import { checkCredentials } from "../../src/core/distribution/checkCredentials";
import { RegistryClient, type ListQuestion } from "../../src/core/distribution/registryClient";
import type { RegistryPlace } from "../../src/core/distribution/registryConnection";
import { Authority } from "../support/certificates";
import { FaultProxy, type FaultRule } from "../support/faultProxy";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts, type Answer } from "../support/namedHosts";
import { RegistryContent, writeTags, type Descriptor } from "../support/registryContent";
import { TokenServer } from "../support/tokenServer";

const test: Credentials = registryUser;
const place = (host: string, credentials?: Credentials, more: Partial<RegistryPlace> = {}): RegistryPlace => ({
  host,
  credentials: async () => credentials && { credentials, source: "the test" },
  ...more,
});
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};

async function all<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

describe("a registry", function () {
  this.timeout(60_000);
  const servers: Server[] = [];
  let authority: Authority;
  let tokens: TokenServer;
  let hosts: NamedHosts;
  let plain: Registry;
  let protectedByPassword: Registry;
  let protectedByToken: Registry;
  let image: Descriptor;

  before(async () => {
    await ensurePackages({ openssl: "openssl", "docker-registry": "docker-registry" }, "The registry test");
    authority = new Authority(temporaryFolder(), "authority");
    tokens = await TokenServer.start(authority);
    hosts = await NamedHosts.start(authority);
    plain = new Registry(temporaryFolder());
    protectedByPassword = new Registry(temporaryFolder(), { needsPassword: true });
    protectedByToken = new Registry(temporaryFolder(), { tokenService: tokens.service });
    for (const registry of [plain, protectedByPassword, protectedByToken]) await registry.start();
    hosts.serve("registry.example.test", plain.address);

    const content = new RegistryContent(plain.address);
    image = await content.image("team/app", "1.0");
    await content.image("team/app", "docker", { docker: true });
    const arm = await content.image("team/app", "", { architecture: "arm64" });
    const attestation = {
      ...(await content.image("team/app", "", { layers: ["provenance"] })),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    };
    const manifests = [
      { ...image, platform: { os: "linux", architecture: "amd64" } },
      { ...arm, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      attestation,
    ];
    await content.manifest("team/app", "multi", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests,
    });
    const empty = await content.blob("charts/web", "{}", "application/vnd.oci.empty.v1+json");
    const chart = await content.blob("charts/web", "a chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
    await content.manifest("charts/web", "0.1", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.cncf.helm.chart",
      config: empty,
      layers: [chart],
      annotations: { "org.opencontainers.image.title": "web" },
    });
    for (let i = 0; i < 7; i++) await content.image(`many/repository-${i}`, "latest", { layers: ["same"] });
    writeTags(
      plain.folder,
      "team/big",
      (await content.image("team/big", "latest", { layers: ["same"] })).digest,
      Array.from({ length: 5000 }, (_, i) => `v1.${i}`),
    );
  });
  after(async () => {
    for (const server of servers) server.close();
    await Promise.all(
      [tokens, hosts, plain, protectedByPassword, protectedByToken].map((each) =>
        "remove" in each ? each.remove() : each.stop(),
      ),
    );
    removeTemporaryFolders();
  });

  beforeEach(() => {
    tokens.requests.length = 0;
    tokens.refusal = undefined;
    tokens.lifetimeSeconds = 300;
  });

  async function listening(server: Server): Promise<string> {
    servers.push(server.listen(0, "127.0.0.1"));
    await once(server, "listening");
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const client = (host = plain.address, credentials?: Credentials, more?: Partial<RegistryPlace>) =>
    new RegistryClient(place(host, credentials, more));

  describe("is browsed", () => {
    it("repository by repository, in pages of the size that was asked for", async () => {
      const pages: string[][] = [];
      for await (const page of client().repositories({ pageSize: 4 })) pages.push(page);
      assert.deepEqual(
        pages.map(({ length }) => length),
        [4, 4, 2],
      );
      assert.deepEqual(pages.flat(), [
        "charts/web",
        ...Array.from({ length: 7 }, (_, i) => `many/repository-${i}`),
        "team/app",
        "team/big",
      ]);
    });

    it("with a filter that passes over case", async () => {
      const question: ListQuestion = { filter: "TEAM", pageSize: 3 };
      assert.deepEqual(await all(client().repositories(question)), ["team/app", "team/big"]);
      assert.deepEqual(
        (await all(client().tags("team/app", { filter: "ock" }))).map(({ name }) => name),
        ["docker"],
      );
    });

    it("below the path of its address only, by whole segments", async () => {
      const services = {
        engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
        credentials: { find: async () => undefined },
      };
      const below = async (path: string) =>
        all(
          new RegistryClient(
            new ContainerRegistry("mine", { uri: `${plain.address}${path}` }, services).place(),
          ).repositories(),
        );
      assert.deepEqual(await below("/team"), ["team/app", "team/big"]);
      assert.deepEqual(await below("/tea"), []);
      assert.equal((await below("")).length, 10);
    });

    it("and says where a registry does not tell what it has", async () => {
      hosts.serve("ghcr.io", ({ url }) =>
        url === "/v2/" ? { status: 200 } : { status: 403, body: { errors: [{ code: "DENIED", message: "no" }] } },
      );
      const http = new HttpClient({ env: hosts.env, certificateFolders: [] });
      for (const host of ["ghcr.io", "docker.io"]) {
        await assert.rejects(
          all(client(host, undefined, { http }).repositories()),
          fails("registryUnsupported", /does not list its repositories\. Enter/),
        );
      }
    });

    it("with 5,000 tags, the greatest version first", async () => {
      const tags = await all(client().tags("team/big"));
      assert.equal(tags.length, 5001);
      assert.deepEqual(
        tags.slice(0, 3).map(({ name }) => name),
        ["v1.4999", "v1.4998", "v1.4997"],
      );
      assert.equal((await all(client().tags("team/big", { filter: "v1.499" }))).length, 11);
    });

    it("down to an image's layers, their sizes and instructions, its platform, labels and time", async () => {
      for (const [tag, mediaType] of [
        ["1.0", "application/vnd.oci.image.manifest.v1+json"],
        ["docker", "application/vnd.docker.distribution.manifest.v2+json"],
      ] as const) {
        const manifest = await client().manifest("team/app", tag);
        assert.equal(manifest.mediaType, mediaType);
        assert.equal(manifest.digest, await plain.digestOf("team/app", tag));
        assert.ok(manifest.kind === "image");
        assert.deepEqual(
          manifest.layers.map(({ sizeBytes }) => sizeBytes),
          [3, 3],
        );
        assert.equal(manifest.sizeBytes, 6 + manifest.config.sizeBytes);
        assert.deepEqual(await client().imageConfig("team/app", manifest), {
          created: "2026-01-02T03:04:05Z",
          platform: "linux/amd64",
          labels: { "org.example": "yes" },
          layerInstructions: ["COPY one /", "COPY two /"],
        });
      }
    });

    it("down to the platforms of an index, attestations told apart", async () => {
      const manifest = await client().manifest("team/app", "multi");
      assert.ok(manifest.kind === "index");
      assert.deepEqual(
        manifest.entries.map(({ platform, isAttestation }) => [platform, isAttestation]),
        [
          ["linux/amd64", false],
          ["linux/arm64/v8", false],
          [undefined, true],
        ],
      );
      const [first] = manifest.entries;
      assert.equal((await client().manifest("team/app", first?.digest ?? "")).digest, image.digest);
    });

    it("with artifacts that are no images", async () => {
      const manifest = await client().manifest("charts/web", "0.1");
      assert.ok(manifest.kind === "artifact");
      assert.equal(manifest.artifactType, "application/vnd.cncf.helm.chart");
      assert.deepEqual(manifest.annotations, { "org.opencontainers.image.title": "web" });
    });

    it("and images are deleted by digest, with every tag of theirs [Z113]", async () => {
      const content = new RegistryContent(plain.address);
      const { digest } = await content.image("gone/app", "1", { layers: ["to be deleted"] });
      await content.image("gone/app", "2", { layers: ["to be deleted"] });
      assert.equal(await client().digestOf("gone/app", "1"), digest);
      await client().deleteImage("gone/app", digest);
      assert.deepEqual(await all(client().tags("gone/app")), []);
      assert.equal(await client().digestOf("gone/app", "1"), undefined);
    });

    it("and says where it cannot take away a tag alone", async () => {
      await assert.rejects(
        client().deleteTag("team/app", "1.0"),
        fails("registryUnsupported", /can't delete the tag "team\/app:1\.0"\. Enable deletion in the registry/),
      );
    });

    it("and says that there is nothing of a name", async () => {
      await assert.rejects(
        all(client().tags("team/none")),
        fails("registryNotFound", /list the tags of "team\/none" \(NAME_UNKNOWN/),
      );
      await assert.rejects(
        client().manifest("team/app", "none"),
        fails("registryNotFound", /read "team\/app:none" \(MANIFEST_UNKNOWN/),
      );
    });

    for (const name of ["../_catalog", "team/../../x", "UPPER", "a b", ""]) {
      it(`and is never asked for the repository "${name}"`, async () => {
        await assert.rejects(all(client().tags(name)), (error) => ImageBuilderError.is(error, "imageNameInvalid"));
      });
    }
  });

  describe("that asks for a password", () => {
    it("is shown it, and what it refuses is said in plain words", async () => {
      const { address } = protectedByPassword;
      assert.deepEqual(await all(client(address, test).repositories()), []);
      await assert.rejects(
        all(client(address).repositories()),
        fails("registryUnauthorized", /requires credentials .* none were found/),
      );
      await assert.rejects(all(client(address, { username: "test", password: "wr0ng" }).repositories()), (error) => {
        assert.ok(!String(error).includes("wr0ng"));
        return fails("registryUnauthorized", /rejected the credentials from the test/)(error);
      });
      await assert.rejects(
        all(client(address, { identityToken: "x" }).repositories()),
        fails("registryUnauthorized", /requires a user name and a password, but the test has an identity token/),
      );
    });

    it("is not asked for credentials that it does not want", async () => {
      const credentials = () => assert.fail("nobody wants them");
      assert.deepEqual(await new RegistryClient({ host: plain.address, credentials }).ping(), {
        asksForCredentials: false,
      });
    });
  });

  describe("that asks for tokens", () => {
    it("gets one for what is asked, once", async () => {
      const registry = client(protectedByToken.address, test);
      await all(registry.repositories());
      await all(registry.repositories());
      assert.deepEqual(tokens.requests, [{ method: "GET", grant: "", scope: "registry:catalog:*" }]);
    });

    it("gets one for an identity token", async () => {
      await client(protectedByToken.address, { identityToken: "refresh-test" }).checkMayPush("team/app");
      assert.deepEqual(tokens.requests[0], {
        method: "POST",
        grant: "refresh_token",
        scope: "repository:team/app:pull,push",
      });
      await assert.rejects(
        client(protectedByToken.address, { identityToken: "unknown" }).ping(),
        fails("registryUnauthorized", /incorrect username or password/),
      );
    });

    it("is shown a token that is its own as it is, and nobody is asked for another", async () => {
      const registryToken = tokens.issue(["pull", "push"], ["repository:team/app:pull,push"]);
      await client(protectedByToken.address, { registryToken }).checkMayPush("team/app");
      assert.deepEqual(tokens.requests, []);
      const wrong = client(protectedByToken.address, { registryToken: "s3cr3t" });
      await assert.rejects(
        wrong.checkMayPush("team/app"),
        (error) =>
          !String(error).includes("s3cr3t") &&
          fails("registryUnauthorized", /rejected the credentials from the test for the request to push/)(error),
      );
      await assert.rejects(
        all(client(protectedByPassword.address, { registryToken }).repositories()),
        fails("registryUnauthorized", /requires a user name and a password, but the test has a registry token/),
      );
    });

    it("gets a new one when the old has expired", async () => {
      const registry = client(protectedByToken.address, test);
      tokens.lifetimeSeconds = -3600; // The server says that it serves a second, and the registry refuses it.
      await assert.rejects(
        all(registry.repositories()),
        fails("registryUnauthorized", /list its repositories \(UNAUTHORIZED|authentication required/),
      );
      tokens.lifetimeSeconds = 300;
      await all(registry.repositories());
    });

    it("lets a reader read and not push", async () => {
      const reader: Credentials = { username: "reader", password: "reader" };
      await client(protectedByToken.address, reader).ping();
      await assert.rejects(
        client(protectedByToken.address, reader).checkMayPush("team/app"),
        fails("registryDenied", /doesn't allow the account of the test to push to "team\/app"/),
      );
      await client(protectedByToken.address, test).checkMayPush("team/app");
    });

    const refusals: readonly (readonly [
      what: string,
      refusal: { status: number; body: object },
      code: ErrorCode,
      message: RegExp,
    ])[] = [
      [
        "a wrong password",
        { status: 401, body: { details: "incorrect username or password" } },
        "registryUnauthorized",
        /rejected the credentials from the test \(incorrect username or password\)\. Check that/,
      ],
      [
        "an expired token",
        { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "token has expired" }] } },
        "registryUnauthorized",
        /They have expired\. Log in again/,
      ],
      ["too many questions", { status: 429, body: {} }, "registryRateLimited", /limits the number of requests/],
      [
        "a service that is not well",
        { status: 503, body: {} },
        "registryFailed",
        /token service .* is unavailable .*HTTP 503/,
      ],
      ["an answer without a token", { status: 200, body: {} }, "registryFailed", /sent no token/],
    ];
    for (const [what, refusal, code, message] of refusals) {
      it(`says so in plain words on ${what}`, async () => {
        tokens.refusal = refusal;
        await assert.rejects(client(protectedByToken.address, test).ping(), fails(code, message));
      });
    }
  });

  describe("over TLS", () => {
    const at = (env: NodeJS.ProcessEnv, certificateFolders: string[] = []) =>
      client("registry.example.test", test, { http: new HttpClient({ env, certificateFolders }) });

    it("is trusted by SSL_CERT_FILE, through the proxy of the environment", async () => {
      hosts.seen.length = 0;
      assert.ok((await all(at(hosts.env).repositories())).includes("team/app"));
      assert.deepEqual([...new Set(hosts.seen.map(({ host }) => host))], ["registry.example.test"]);
    });

    it("is trusted by its certificate in Docker's certs.d, and only its own", async () => {
      const folder = temporaryFolder();
      for (const name of ["registry.example.test", "other.example.test"]) mkdirSync(join(folder, name));
      const { HTTPS_PROXY } = hosts.env;
      copyFileSync(authority.certificate, join(folder, "other.example.test", "ca.crt"));
      await assert.rejects(
        all(at({ HTTPS_PROXY }, [folder]).repositories()),
        fails("registryTls", /registry\.example\.test: .* untrusted authority \(x509\).*certs\.d/),
      );
      copyFileSync(authority.certificate, join(folder, "registry.example.test", "ca.crt"));
      assert.ok((await all(at({ HTTPS_PROXY }, [folder]).repositories())).includes("team/app"));
    });

    it("that is not trusted is spoken to only if it is named insecure", async () => {
      const http = new HttpClient({ env: { HTTPS_PROXY: hosts.env["HTTPS_PROXY"] }, certificateFolders: [] });
      await assert.rejects(
        client("registry.example.test", test, { http, insecure: async () => false }).ping(),
        fails("registryTls", /x509/),
      );
      await client("registry.example.test", test, { http, insecure: async () => true }).ping();
    });

    it("gets its credentials back at no other host it redirects to, nor by its token service without TLS", async () => {
      hosts.serve("redirects.example.test", ({ url, authorization }): Answer => {
        if (!authorization) return { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
        if (url.startsWith("/v2/team/app/tags"))
          return { status: 307, headers: { location: "https://storage.example.test/list" } };
        return { status: 200, body: {} };
      });
      hosts.serve("storage.example.test", () => ({ status: 200, body: { tags: ["1"] } }));
      hosts.serve("sly.example.test", () => ({
        status: 401,
        headers: { "www-authenticate": 'Bearer realm="http://storage.example.test/token",service="x"' },
      }));
      const http = new HttpClient({ env: hosts.env, certificateFolders: [] });
      hosts.seen.length = 0;
      assert.deepEqual(await all(client("redirects.example.test", test, { http }).tags("team/app")), [{ name: "1" }]);
      assert.deepEqual(
        hosts.seen.map(({ host, authorization }) => [host, Boolean(authorization)]),
        [
          ["redirects.example.test", false],
          ["redirects.example.test", true],
          ["storage.example.test", false],
        ],
      );
      await assert.rejects(
        client("sly.example.test", test, { http }).ping(),
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
        hosts.serve("sly.example.test", () => ({
          status: 401,
          headers: { "www-authenticate": `Bearer realm="${realm}",service="x"` },
        }));
        hosts.serve("storage.example.test", () => ({ status: 200, body: { token: "x" } }));
        hosts.serve("redirecting.example.test", () => ({
          status: 302,
          headers: { location: "https://storage.example.test/token" },
        }));
        hosts.seen.length = 0;
        const http = new HttpClient({ env: hosts.env, certificateFolders: [] });
        await assert.rejects(client("sly.example.test", test, { http }).ping(), (error: Error) => {
          assert.match(error.message, message);
          return !error.message.includes("hunter2");
        });
        assert.ok(hosts.seen.every(({ host }) => host !== "storage.example.test"));
      });
    }

    it("gets its credentials sent to a token service at another host, as by docker login", async () => {
      hosts.serve("split.example.test", ({ authorization }) =>
        authorization === "Bearer y"
          ? { status: 200, body: {} }
          : {
              status: 401,
              headers: { "www-authenticate": 'Bearer realm="https://tokens.example.test/token",service="x"' },
            },
      );
      hosts.serve("tokens.example.test", () => ({ status: 200, body: { token: "y" } }));
      hosts.seen.length = 0;
      await client("split.example.test", test, {
        http: new HttpClient({ env: hosts.env, certificateFolders: [] }),
      }).ping();
      assert.deepEqual(
        hosts.seen.map(({ host, authorization = "" }) => [host, authorization.split(" ")[0]]),
        [
          ["split.example.test", ""],
          ["tokens.example.test", "Basic"],
          ["split.example.test", "Bearer"],
        ],
      );
    });

    it("is asked for the next page at its own host, whatever it calls itself", async () => {
      hosts.serve("pages.example.test", ({ url }) => {
        if (url === "/v2/") return { status: 200, body: {} };
        return url.includes("last=")
          ? { status: 200, body: { tags: ["2"] } }
          : {
              status: 200,
              headers: { link: '<http://inner.example/v2/team/app/tags/list?last=1&n=100>; rel="next"' },
              body: { tags: ["1"] },
            };
      });
      const http = new HttpClient({ env: hosts.env, certificateFolders: [] });
      assert.deepEqual(await all(client("pages.example.test", undefined, { http }).tags("team/app")), [
        { name: "1" },
        { name: "2" },
      ]);
    });

    it("tells when tags were pushed, as Google's does, and they come newest first", async () => {
      const manifest = {
        "sha256:a": { tag: ["old"], timeUploadedMs: "1000" },
        "sha256:b": { tag: ["new"], timeUploadedMs: "2000" },
      };
      hosts.serve("europe-docker.pkg.dev", () => ({ status: 200, body: { tags: ["old", "plain", "new"], manifest } }));
      const http = new HttpClient({ env: hosts.env, certificateFolders: [] });
      assert.deepEqual(await all(client("europe-docker.pkg.dev", undefined, { http }).tags("project/repository/app")), [
        { name: "new", pushedAt: "1970-01-01T00:00:02.000Z" },
        { name: "old", pushedAt: "1970-01-01T00:00:01.000Z" },
        { name: "plain" },
      ]);
    });
  });

  describe("that is not well", () => {
    let proxy: FaultProxy;
    before(async () => void (proxy = await FaultProxy.start(plain.address)));
    after(() => proxy.stop());

    const faults: readonly (readonly [what: string, rule: FaultRule, code: ErrorCode, message: RegExp])[] = [
      [
        "limits questions",
        {
          path: /tags/,
          fault: {
            kind: "status",
            status: 429,
            headers: { "retry-after": "30" },
            body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
          },
        },
        "registryRateLimited",
        /TOOMANYREQUESTS: slow down\)\. Wait 30 s/,
      ],
      [
        "denies",
        { path: /tags/, fault: { kind: "status", status: 403, body: '{"errors":[{"code":"DENIED","message":"no"}]}' } },
        "registryDenied",
        /doesn't allow .* to list the tags.*DENIED: no/,
      ],
      ["fails", { path: /tags/, fault: { kind: "status", status: 500, body: "<html>" } }, "registryFailed", /HTTP 500/],
      ["breaks off", { path: /tags/, fault: { kind: "reset" } }, "registryUnreachable", /the connection was closed/],
      [
        "is none",
        { path: /v2/, fault: { kind: "status", status: 404 } },
        "registryUnsupported",
        /does not respond as a registry/,
      ],
    ];
    for (const [what, rule, code, message] of faults) {
      it(`because it ${what} is described so`, async () => {
        proxy.setRules(rule);
        await assert.rejects(all(client(proxy.address).tags("team/app")), fails(code, message));
      });
    }

    it("because it does not answer is given up after the time that was set, and at once when cancelled", async () => {
      proxy.setRules({ path: /tags/, fault: { kind: "hang" } });
      const http = new HttpClient({ timeoutMs: 300 });
      await assert.rejects(
        all(client(proxy.address, undefined, { http }).tags("team/app")),
        fails("registryUnreachable", /did not answer within 0\.3 s/),
      );
      const cancel = new AbortController();
      const asking = all(client(proxy.address).tags("team/app", { signal: cancel.signal }));
      setTimeout(() => cancel.abort(new Error("cancelled")), 50);
      await assert.rejects(asking, /^Error: cancelled$/);
    });

    it("because it takes connections and says nothing does not hold up the others", async () => {
      const address = await listening(createSocketServer());
      const answers = [address, plain.address].map((host) =>
        all(client(host, undefined, { http: new HttpClient({ timeoutMs: 2000 }) }).tags("team/app")),
      );
      const first = await Promise.race(answers.map((each) => each.catch((error: unknown) => error)));
      assert.ok(Array.isArray(first), String(first));
      await assert.rejects(answers[0] ?? Promise.resolve(), fails("registryUnreachable", /did not answer within 2 s/));
    });

    it("because its manifest is not the one that was asked for is not believed", async () => {
      const liar = createServer((_incoming, answer) =>
        answer.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end("{}"),
      );
      const address = await listening(liar);
      await assert.rejects(
        client(address).manifest("team/app", `sha256:${"0".repeat(64)}`),
        fails("registryFailed", /has the unexpected digest/),
      );
    });

    it("because nobody is there, or there is no such host, is described so", async () => {
      await assert.rejects(client("127.0.0.1:1").ping(), fails("registryUnreachable", /connection refused/));
      await assert.rejects(client("no-such-host.invalid").ping(), fails("registryUnreachable", /host not found/));
    });
  });

  describe("has its credentials checked", () => {
    const cases: readonly (readonly [what: string, check: () => RegistryPlace, expected: object])[] = [
      ["accepted", () => place(protectedByPassword.address, test), { source: "the test", outcome: "accepted" }],
      ["not wanted", () => place(plain.address, test), { source: "the test", outcome: "notWanted" }],
      ["none and none wanted", () => place(plain.address), { outcome: "notWanted" }],
    ];
    for (const [what, check, expected] of cases) {
      it(`and they are ${what}`, async () => {
        const registry = check();
        assert.deepEqual(await checkCredentials(registry), { host: registry.host, ...expected });
      });
    }

    it("and they may push, or may not", async () => {
      assert.equal(
        (await checkCredentials(place(protectedByToken.address, test), { repository: "team/app" })).outcome,
        "mayPush",
      );
      const refused = await checkCredentials(
        place(protectedByToken.address, { username: "reader", password: "reader" }),
        { repository: "team/app" },
      );
      assert.ok(
        refused.outcome === "failed" && refused.source === "the test" && /push to "team\/app"/.test(refused.message),
      );
    });

    it("and a source that fails is told with its own words", async () => {
      const credentials = async () =>
        Promise.reject(
          new ImageBuilderError(
            "credentialsFailed",
            'The credential helper "docker-credential-absent" is not in PATH.',
          ),
        );
      const check = await checkCredentials({ host: plain.address, credentials });
      assert.deepEqual(check, {
        host: plain.address,
        outcome: "failed",
        code: "credentialsFailed",
        message: 'The credential helper "docker-credential-absent" is not in PATH.',
      });
    });
  });
});
