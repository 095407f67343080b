import assert from "node:assert/strict";
import { createReadStream, linkSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { BuildOutput } from "../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../src/core/base/errors";
import { askDaemon, build, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

const platform = "linux/amd64,linux/arm64";

describe("a build for several platforms", () => {
  let parent: string;
  let hasContainerdStore: boolean;

  before(async () => {
    const { DriverStatus } = (await askDaemon("/info")) as { DriverStatus: string[][] };
    hasContainerdStore = JSON.stringify(DriverStatus).includes("io.containerd.snapshotter.v1");
  });
  beforeEach(() => (parent = temporaryFolder()));
  after(removeTemporaryFolders);

  /** Which of its files an image gets depends on its platform; the rest is some 300 files with links. */
  function project(): string {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /for\nCOPY all /all\n",
      amd64: "one architecture",
      arm64: "the other",
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`all/${i % 10}/${i}`, `${i}\n`.repeat(i * 20)])),
    });
    linkSync(join(root, "all/0/10"), join(root, "all/hard"));
    symlinkSync("../for", join(root, "all/soft"));
    return root;
  }

  const exporting = (output: BuildOutput, root = project()) =>
    build({ root, imageName: `${uniqueName()}:1`, options: { builder: "buildkit", platform, output } });

  it("is exported to a folder for each", async () => {
    const root = project();
    const dest = join(parent, "out");
    await exporting({ type: "local", dest }, root);
    assert.deepEqual(readdirSync(dest), ["linux_amd64", "linux_arm64"]);
    for (const architecture of ["amd64", "arm64"]) {
      const folder = join(dest, `linux_${architecture}`);
      assert.equal(readFileSync(join(folder, "for"), "utf8"), readFileSync(join(root, architecture), "utf8"));
      for (let i = 0; i < 300; i++)
        assert.equal(readFileSync(join(folder, `all/${i % 10}/${i}`), "utf8"), `${i}\n`.repeat(i * 20));
      assert.equal(lstatSync(join(folder, "all/hard")).ino, lstatSync(join(folder, "all/0/10")).ino);
      assert.equal(readlinkSync(join(folder, "all/soft")), "../for");
    }
    assert.deepEqual(readdirSync(parent), ["out"], "nothing is left beside it");
  });

  it("is exported to one tar with a folder for each", async () => {
    const dest = join(parent, "out.tar");
    await exporting({ type: "tar", dest });
    const found = new Map<string, string>();
    for await (const entry of createReadStream(dest).pipe(extract())) found.set(entry.header.name, await text(entry));
    assert.equal(found.get("linux_amd64/for"), "one architecture");
    assert.equal(found.get("linux_arm64/for"), "the other");
    assert.equal(found.get("linux_arm64/all/9/299"), "299\n".repeat(5980));
  });

  it("is one archive with all of them where the daemon keeps them, else it is said what is needed", async () => {
    const dest = join(parent, "out.tar");
    if (!hasContainerdStore) {
      await assert.rejects(exporting({ type: "oci", dest }), (error) => ImageBuilderError.is(error, "optionInvalid"));
      return;
    }
    await exporting({ type: "oci", dest });
    const blobs = new Map<string, string>();
    for await (const entry of createReadStream(dest).pipe(extract())) blobs.set(entry.header.name, await text(entry));
    const indexOf = (name: string) =>
      JSON.parse(blobs.get(name) ?? "{}") as {
        readonly manifests: { readonly digest: string; readonly platform?: { readonly architecture: string } }[];
      };
    const [image] = indexOf("index.json").manifests;
    const { manifests } = indexOf(`blobs/${image?.digest.replace(":", "/")}`);
    assert.deepEqual(
      manifests.map((each) => each.platform?.architecture),
      ["amd64", "arm64"],
    );
  });

  it("is pushed as one index under all its names if the daemon keeps them, on the base of each platform", async () => {
    if (!hasContainerdStore) {
      await assert.rejects(build({ root: project(), imageName: `${uniqueName()}:1`, options: { platform } }), (error) =>
        ImageBuilderError.is(error, "optionInvalid"),
      );
      return;
    }
    const [base, first, second] = ["base", "app", "app"].map((name) => `${plainRegistry()}/${uniqueName(name)}:1`) as [
      string,
      string,
      string,
    ];
    await build({ root: project(), imageName: base, registry: plainRegistry(), options: { platform } });
    const root = temporaryFolder({ Dockerfile: `FROM ${base}\nARG TARGETPLATFORM\nLABEL for=$TARGETPLATFORM\n` });
    const { digest } = await build({
      root,
      imageName: first,
      registry: plainRegistry(),
      options: { platform, tags: [second], pull: true },
    });
    assert.deepEqual([await registryDigest(first), await registryDigest(second)], [digest, digest]);

    const layersOf = async (name: string) => {
      const { manifests } = (await fromRegistry(name, "manifests/1")) as {
        readonly manifests: readonly {
          readonly digest: string;
          readonly platform: { readonly architecture: string };
        }[];
      };
      const images = manifests.filter(({ platform: { architecture } }) => architecture !== "unknown");
      return Promise.all(
        images.map(async ({ digest: image, platform: { architecture } }) => {
          const { layers } = (await fromRegistry(name, `manifests/${image}`)) as {
            readonly layers: readonly { readonly digest: string }[];
          };
          return [architecture, ...layers.map((layer) => layer.digest)];
        }),
      );
    };
    assert.deepEqual(await layersOf(first), await layersOf(base));
    assert.deepEqual(
      (await layersOf(first)).map(([architecture]) => architecture),
      ["amd64", "arm64"],
    );
  });
});

/** @param imageName with the tag 1 */
async function fromRegistry(imageName: string, path: string): Promise<unknown> {
  const accept =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, " +
    "application/vnd.docker.distribution.manifest.list.v2+json, " +
    "application/vnd.docker.distribution.manifest.v2+json";
  return (
    await fetch(`http://${imageName.replace("/", "/v2/").replace(/:1$/, `/${path}`)}`, { headers: { accept } })
  ).json();
}
