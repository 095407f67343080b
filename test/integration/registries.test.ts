import assert from "node:assert/strict";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../src/core/base/errors";
import { HttpClient } from "../../src/core/http/httpClient";
import { ContainerRegistry } from "../../src/core/contracts/containerRegistry";
import { checkCredentials } from "../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../src/core/distribution/registryClient";
import type { ListOptions } from "../../src/core/distribution/registryLists";
import type { RegistryPlace } from "../../src/core/distribution/registryConnection";
import { RegistryContent } from "../support/registryContent";
import { startRegistries, type RegistriesWorld } from "./registriesWorld";
import { test, place, fails, all } from "./registryPlaces";

describe("a registry", function () {
  this.timeout(60_000);
  let world: RegistriesWorld;
  before(async () => void (world = await startRegistries()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  describe("is browsed", () => {
    it("repository by repository, in pages of the size that was asked for", async () => {
      const pages: string[][] = [];
      for await (const page of world.client().repositories({ pageSize: 4 })) pages.push(page);
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
      const question: ListOptions = { filter: "TEAM", pageSize: 3 };
      assert.deepEqual(await all(world.client().repositories(question)), ["team/app", "team/big"]);
      assert.deepEqual(
        (await all(world.client().tags("team/app", { filter: "ock" }))).map(({ name }) => name),
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
            new ContainerRegistry("mine", { uri: `${world.plain.address}${path}` }, services).place(),
          ).repositories(),
        );
      assert.deepEqual(await below("/team"), ["team/app", "team/big"]);
      assert.deepEqual(await below("/tea"), []);
      assert.equal((await below("")).length, 10);
    });

    it("and says where a registry does not tell what it has", async () => {
      world.hosts.serve("ghcr.io", ({ url }) =>
        url === "/v2/" ? { status: 200 } : { status: 403, body: { errors: [{ code: "DENIED", message: "no" }] } },
      );
      const http = new HttpClient({ env: world.hosts.env, certificateFolders: [] });
      for (const host of ["ghcr.io", "docker.io"]) {
        await assert.rejects(
          all(world.client(host, undefined, { http }).repositories()),
          fails("registryUnsupported", /does not list its repositories\. Enter/),
        );
      }
    });

    it("with 5,000 tags, the greatest version first", async () => {
      const tags = await all(world.client().tags("team/big"));
      assert.equal(tags.length, 5001);
      assert.deepEqual(
        tags.slice(0, 3).map(({ name }) => name),
        ["v1.4999", "v1.4998", "v1.4997"],
      );
      assert.equal((await all(world.client().tags("team/big", { filter: "v1.499" }))).length, 11);
    });

    it("down to an image's layers, their sizes and instructions, its platform, labels and time", async () => {
      for (const [tag, mediaType] of [
        ["1.0", "application/vnd.oci.image.manifest.v1+json"],
        ["docker", "application/vnd.docker.distribution.manifest.v2+json"],
      ] as const) {
        const manifest = await world.client().manifest("team/app", tag);
        assert.equal(manifest.mediaType, mediaType);
        assert.equal(manifest.digest, await world.plain.digestOf("team/app", tag));
        assert.ok(manifest.kind === "image");
        assert.deepEqual(
          manifest.layers.map(({ sizeBytes }) => sizeBytes),
          [3, 3],
        );
        assert.equal(manifest.sizeBytes, 6 + manifest.config.sizeBytes);
        assert.deepEqual(await world.client().imageConfig("team/app", manifest), {
          created: "2026-01-02T03:04:05Z",
          platform: "linux/amd64",
          labels: { "org.example": "yes" },
          layerInstructions: ["COPY one /", "COPY two /"],
        });
      }
    });

    it("down to the platforms of an index, attestations told apart", async () => {
      const manifest = await world.client().manifest("team/app", "multi");
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
      assert.equal((await world.client().manifest("team/app", first?.digest ?? "")).digest, world.image.digest);
    });

    it("with artifacts that are no images", async () => {
      const manifest = await world.client().manifest("charts/web", "0.1");
      assert.ok(manifest.kind === "artifact");
      assert.equal(manifest.artifactType, "application/vnd.cncf.helm.chart");
      assert.deepEqual(manifest.annotations, { "org.opencontainers.image.title": "web" });
    });

    it("and images are deleted by digest, with every tag of theirs [Z113]", async () => {
      const content = new RegistryContent(world.plain.address);
      const { digest } = await content.image("gone/app", "1", { layers: ["to be deleted"] });
      await content.image("gone/app", "2", { layers: ["to be deleted"] });
      assert.equal(await world.client().digestOf("gone/app", "1"), digest);
      await world.client().deleteImage("gone/app", digest);
      assert.deepEqual(await all(world.client().tags("gone/app")), []);
      assert.equal(await world.client().digestOf("gone/app", "1"), undefined);
    });

    it("and says where it cannot take away a tag alone", async () => {
      await assert.rejects(
        world.client().deleteTag("team/app", "1.0"),
        fails("registryUnsupported", /can't delete the tag "team\/app:1\.0"\. Enable deletion in the registry/),
      );
    });

    it("and says that there is nothing of a name", async () => {
      await assert.rejects(
        all(world.client().tags("team/none")),
        fails("registryNotFound", /list the tags of "team\/none" \(NAME_UNKNOWN/),
      );
      await assert.rejects(
        world.client().manifest("team/app", "none"),
        fails("registryNotFound", /read "team\/app:none" \(MANIFEST_UNKNOWN/),
      );
    });

    for (const name of ["../_catalog", "team/../../x", "UPPER", "a b", ""]) {
      it(`and is never asked for the repository "${name}"`, async () => {
        await assert.rejects(all(world.client().tags(name)), (error) =>
          ImageBuilderError.is(error, "imageNameInvalid"),
        );
      });
    }
  });

  describe("has its credentials checked", () => {
    const cases: readonly (readonly [what: string, check: () => RegistryPlace, expected: object])[] = [
      ["accepted", () => place(world.protectedByPassword.address, test), { source: "the test", outcome: "accepted" }],
      ["not wanted", () => place(world.plain.address, test), { source: "the test", outcome: "notWanted" }],
      ["none and none wanted", () => place(world.plain.address), { outcome: "notWanted" }],
    ];
    for (const [what, check, expected] of cases) {
      it(`and they are ${what}`, async () => {
        const registry = check();
        assert.deepEqual(await checkCredentials(registry), { host: registry.host, ...expected });
      });
    }

    it("and they may push, or may not", async () => {
      assert.equal(
        (await checkCredentials(place(world.protectedByToken.address, test), { repository: "team/app" })).outcome,
        "mayPush",
      );
      const refused = await checkCredentials(
        place(world.protectedByToken.address, { username: "reader", password: "reader" }),
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
      const check = await checkCredentials({ host: world.plain.address, credentials });
      assert.deepEqual(check, {
        host: world.plain.address,
        outcome: "failed",
        code: "credentialsFailed",
        message: 'The credential helper "docker-credential-absent" is not in PATH.',
      });
    });
  });
});
