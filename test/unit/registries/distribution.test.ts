import assert from "node:assert/strict";
import { readImageConfig } from "../../../src/core/distribution/imageConfig";
import { readManifest } from "../../../src/core/distribution/manifest";
import { sortedSoFar, tagsIn, type RegistryTag } from "../../../src/core/distribution/tags";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const read = (manifest: object) =>
  readManifest({ body: Buffer.from(JSON.stringify(manifest)), headers: {} }, "team/app:1");

async function namesOf(...pages: readonly RegistryTag[][]): Promise<string[][]> {
  const names: string[][] = [];
  async function* given(): AsyncGenerator<RegistryTag[]> {
    yield* pages;
  }
  for await (const sorted of sortedSoFar(given())) names.push(sorted.map(({ name }) => name));
  return names;
}

describe("tags that come in pages", () => {
  it("are in one order over all pages: by time where it is told, else the greatest version first", async () => {
    const tags = (...names: string[]) => tagsIn(Buffer.from(JSON.stringify({ tags: names })));
    assert.deepEqual(await namesOf(tags("1.0", "1.10"), tags("1.2", "1.9")), [
      ["1.10", "1.0"],
      ["1.10", "1.9", "1.2", "1.0"],
    ]);
    const old = { name: "z", pushedAt: "2020-01-01T00:00:00.000Z" };
    assert.deepEqual(await namesOf([old, { name: "untold" }], [{ name: "a", pushedAt: "2021-01-01T00:00:00.000Z" }]), [
      ["z", "untold"],
      ["a", "z", "untold"],
    ]);
  });

  it("are listed once, whatever a registry repeats", async () => {
    assert.deepEqual(await namesOf([{ name: "1" }, { name: "2" }], [{ name: "2" }]), [
      ["2", "1"],
      ["2", "1"],
    ]);
  });
});

describe("a manifest", () => {
  it("tells of an index which image each attestation is of, and what else is no image", () => {
    const image = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: digest("a"),
      size: 1,
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
    };
    const attestation = {
      ...image,
      digest: digest("b"),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest("a") },
    };
    const signature = {
      ...image,
      digest: digest("c"),
      platform: undefined,
      artifactType: "application/vnd.dev.cosign.simplesigning.v1+json",
    };
    const index = read({
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [image, attestation, signature],
    });
    assert.ok(index.kind === "index");
    assert.deepEqual(
      index.entries.map(({ platform, isAttestation, describes, artifactType }) => ({
        platform,
        isAttestation,
        describes,
        artifactType,
      })),
      [
        { platform: "linux/arm64/v8", isAttestation: false, describes: undefined, artifactType: undefined },
        { platform: undefined, isAttestation: true, describes: digest("a"), artifactType: undefined },
        { platform: undefined, isAttestation: false, describes: undefined, artifactType: signature.artifactType },
      ],
    );
  });

  it("tells what an attestation states and how files are called", () => {
    const blob = (annotations: object) => ({
      mediaType: "application/vnd.in-toto+json",
      digest: digest("d"),
      size: 5,
      annotations,
    });
    const manifest = read({
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest("e"), size: 2 },
      layers: [
        blob({ "in-toto.io/predicate-type": "https://spdx.dev/Document" }),
        blob({ "org.opencontainers.image.title": "chart.tgz" }),
        blob({}),
      ],
    });
    assert.ok(manifest.kind === "artifact");
    assert.deepEqual(
      manifest.blobs.map(({ title }) => title),
      ["https://spdx.dev/Document", "chart.tgz", undefined],
    );
  });
});

describe("a manifest with something odd in it", () => {
  const image = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digest("a"), size: 1 };
  const entriesOf = (...manifests: readonly unknown[]) => {
    const index = read({ mediaType: "application/vnd.oci.image.index.v1+json", manifests });
    assert.ok(index.kind === "index");
    return index;
  };

  it("has entries with an empty, a missing or another platform, each of which is shown", () => {
    const platforms = [undefined, null, {}, { os: "", architecture: "" }, { os: 7 }, "linux/amd64", { os: "linux" }];
    const { entries, unreadableEntries } = entriesOf(...platforms.map((platform) => ({ ...image, platform })));
    assert.deepEqual(
      entries.map(({ platform }) => platform),
      [...Array<undefined>(6).fill(undefined), "linux"],
    );
    assert.equal(unreadableEntries, undefined);
  });

  it("has annotations that are not text, which hide neither the others nor the entry", () => {
    const annotations = { count: 7, none: null, list: ["a"], "org.opencontainers.image.title": "app" };
    assert.deepEqual(
      entriesOf({ ...image, annotations }, { ...image, annotations: ["a"] }).entries.map(({ title }) => title),
      ["app", undefined],
    );
    assert.deepEqual(read({ manifests: [image], annotations }).annotations, {
      "org.opencontainers.image.title": "app",
    });
  });

  it("has entries that can't be read, which are counted and don't hide the others", () => {
    const { entries, unreadableEntries } = entriesOf(null, 7, {}, { ...image, digest: "sha256:short" }, image);
    assert.deepEqual([entries.length, unreadableEntries], [1, 4]);
  });

  it("has sizes and types in another form, and is shown", () => {
    const [entry] = entriesOf({ ...image, size: "1", mediaType: 7, artifactType: {} }).entries;
    assert.deepEqual([entry?.sizeBytes, entry?.mediaType, entry?.artifactType], [0, "", undefined]);
  });

  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest("e"), size: 2 };
  const layer = (mediaType: string) => ({ mediaType, digest: digest("f"), size: 3 });
  const artifacts: readonly (readonly [what: string, manifest: object, type: string])[] = [
    [
      "a signature of cosign",
      { config, layers: [layer("application/vnd.dev.cosign.simplesigning.v1+json")] },
      "application/vnd.dev.cosign.simplesigning.v1+json",
    ],
    [
      "an attestation of cosign",
      { config, layers: [layer("application/vnd.dsse.envelope.v1+json")] },
      "application/vnd.dsse.envelope.v1+json",
    ],
    [
      "an attestation of BuildKit",
      { config, layers: [layer("application/vnd.in-toto+json")] },
      "application/vnd.in-toto+json",
    ],
    ["a list of contents", { config, layers: [layer("text/spdx+json")] }, "text/spdx+json"],
    [
      "a cache of BuildKit",
      { config: layer("application/vnd.buildkit.cacheconfig.v0"), layers: [] },
      "application/vnd.buildkit.cacheconfig.v0",
    ],
    [
      "a cache of BuildKit as an index",
      {
        manifests: [
          layer("application/vnd.oci.image.layer.v1.tar+gzip"),
          layer("application/vnd.buildkit.cacheconfig.v0"),
        ],
      },
      "application/vnd.buildkit.cacheconfig.v0",
    ],
    [
      "a Helm chart",
      { config: layer("application/vnd.cncf.helm.config.v1+json"), layers: [] },
      "application/vnd.cncf.helm.config.v1+json",
    ],
    [
      "a referrer",
      { artifactType: "application/vnd.example.report", config, layers: [], subject: image },
      "application/vnd.example.report",
    ],
  ];
  for (const [what, manifest, type] of artifacts)
    it(`is ${what}, and no image`, () => {
      const found = read(manifest);
      assert.ok(found.kind === "artifact");
      assert.equal(found.artifactType, type);
    });

  it("is an image though sizes of its parts are missing or in another form", () => {
    const type = "application/vnd.oci.image.layer.v1.tar+gzip";
    const layers = [
      { ...layer(type), size: "3" },
      { ...layer(type), size: null },
      { ...layer(type), size: -1 },
      layer(type),
    ];
    const found = read({ config: { ...config, size: undefined }, layers });
    assert.ok(found.kind === "image");
    assert.deepEqual(
      found.layers.map(({ sizeBytes }) => sizeBytes),
      [0, 0, 0, 3],
    );
  });

  it("is an image where its layers are", () => {
    for (const type of [
      "application/vnd.oci.image.layer.v1.tar+gzip",
      "application/vnd.docker.image.rootfs.diff.tar.gzip",
      "application/vnd.oci.image.layer.v1.tar+zstd",
    ])
      assert.equal(read({ config, layers: [layer(type)] }).kind, "image");
  });
});

describe("tags that are null", () => {
  it("are left out, alone or among others", () => {
    const names = (value: object) => tagsIn(Buffer.from(JSON.stringify(value))).map(({ name }) => name);
    assert.deepEqual(names({ tags: null }), []);
    assert.deepEqual(names({ tags: [null, "1", null] }), ["1"]);
  });
});

describe("an image's configuration", () => {
  it("tells what it runs, as whom and where", () => {
    const config = {
      Entrypoint: ["/bin/app"],
      Cmd: ["--port", "80"],
      User: "nobody",
      WorkingDir: "/srv",
      Labels: null,
    };
    assert.deepEqual(readImageConfig(Buffer.from(JSON.stringify({ config })), []), {
      labels: {},
      layerInstructions: [],
      entrypoint: ["/bin/app"],
      command: ["--port", "80"],
      user: "nobody",
      workingDirectory: "/srv",
    });
  });

  it("with a malformed field tells the others", () => {
    const config = { Entrypoint: "/bin/app", Cmd: ["--port", "80"], User: 7, WorkingDir: "/srv", Labels: { a: "b" } };
    const body = { os: "linux", architecture: "arm64", created: 5, config, history: [7] };
    assert.deepEqual(readImageConfig(Buffer.from(JSON.stringify(body)), []), {
      platform: "linux/arm64",
      labels: { a: "b" },
      layerInstructions: [],
      command: ["--port", "80"],
      workingDirectory: "/srv",
    });
  });

  it("that is no configuration says nothing, and throws nothing", () => {
    for (const body of ["", "[]", "not JSON", '{"config":{"Labels":7}}'])
      assert.deepEqual(readImageConfig(Buffer.from(body), []), { labels: {}, layerInstructions: [] }, body);
  });
});
