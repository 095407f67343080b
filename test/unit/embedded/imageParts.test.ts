import assert from "node:assert/strict";
import { readImageState } from "../../../src/core/embedded/image/imageConfig";
import { imageParts, indexOf, type MediaFamily } from "../../../src/core/embedded/output/imageParts";

const state = readImageState(Buffer.from('{"os":"linux","architecture":"arm64","variant":"v8"}'));
const kinds = [
  "application/vnd.docker.image.rootfs.diff.tar.gzip",
  "application/vnd.oci.image.layer.v1.tar+zstd",
  "application/vnd.oci.image.layer.v1.tar",
];

function partsOf(family: MediaFamily) {
  assert.ok(state);
  const base = {
    host: "registry.example",
    repository: "team/base",
    state,
    layers: kinds.map((mediaType, i) => ({ mediaType, digest: `sha256:${i}`, sizeBytes: i })),
    files: () => Promise.reject(new Error("unused")),
    openLayer: () => {
      throw new Error("unused");
    },
  };
  const own = { digest: "sha256:own", diffId: "sha256:diff", sizeBytes: 9, open: base.openLayer };
  return imageParts({ state, base, layers: [own], created: "2020-01-01T00:00:00Z", family });
}

describe("the parts of an image", () => {
  const expected: Readonly<Record<MediaFamily, readonly string[]>> = {
    oci: ["tar+gzip", "tar+zstd", "tar", "tar+gzip"].map((end) => `application/vnd.oci.image.layer.v1.${end}`),
    docker: ["tar.gzip", "tar.zstd", "tar", "tar.gzip"].map((end) => `application/vnd.docker.image.rootfs.diff.${end}`),
  };
  for (const family of ["oci", "docker"] as const)
    it(`are of one family, whatever the base's are of: ${family}`, () => {
      const { layers, manifest, config } = partsOf(family);
      assert.deepEqual(
        layers.map(({ mediaType }) => mediaType),
        expected[family],
      );
      const own = family === "oci" ? /^application\/vnd\.oci\./ : /^application\/vnd\.docker\./;
      assert.match(manifest.mediaType, own);
      assert.match(config.mediaType, own);
      assert.deepEqual((JSON.parse(config.body) as { rootfs: { diff_ids: string[] } }).rootfs.diff_ids, [
        "sha256:diff",
      ]);
    });

  it("say where a registry has those of the base", () => {
    assert.deepEqual(
      partsOf("oci").layers.map(({ of }) => of?.repository),
      ["team/base", "team/base", "team/base", undefined],
    );
  });

  it("are told by platform in an index", () => {
    assert.ok(state);
    const image = partsOf("oci");
    const { manifests } = JSON.parse(indexOf([{ image, state }], "oci").body) as { manifests: object[] };
    const { mediaType, digest, size } = image.manifest;
    const platform = { architecture: "arm64", os: "linux", variant: "v8" };
    assert.deepEqual(manifests, [{ mediaType, digest, size, platform }]);
  });
});
