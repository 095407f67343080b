import assert from "node:assert/strict";
import { ensureImage, existenceOf, type ImageRequest, type ImageResult } from "../../src/core/jobs/ensureImage";
import { ImageBuilderError } from "../../src/core/base/errors";
import { ExistenceMemory } from "../../src/core/jobs/existenceMemory";
import { Image } from "../../src/core/image/image";
import { planImage } from "../../src/core/image/plan/planImage";
import { ownPlatform } from "../support/buildImage";
import {
  askDaemon,
  authRegistry,
  coreOn,
  credentialsFor,
  localBuilder,
  login,
  plainRegistry,
  registryAt,
  registryDigest,
  uniqueName,
} from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { recordingOperation, type RecordingOperation } from "../support/operation";
import { RegistryContent } from "../support/registryContent";

const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true, platform: ownPlatform });

async function ensure(
  image: Image,
  more: Partial<ImageRequest> = {},
  core = coreOn(),
): Promise<ImageResult & { operation: RecordingOperation; steps: number }> {
  const operation = recordingOperation();
  const registry = image.registry === undefined ? undefined : registryAt(image.registry);
  const places = more.places ?? {};
  const result = await ensureImage(
    { ...(await planImage(image, places)), places, builder: localBuilder, registry, ...more },
    core,
    operation,
  );
  return { ...result, operation, steps: operation.events.filter(({ kind }) => kind === "stepStarted").length };
}

describe("an image that is built unless it exists", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is built once; unchanged it is only looked up, with a byte changed it is built [F99]", async () => {
    const root = temporaryFolder({
      "proj/a.txt": "1",
      ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`proj/f${i}.txt`, `${i}`])),
    });
    const image = start
      .clone({ name: uniqueName(), registry: plainRegistry() })
      .withSourceFolder("proj", { dst: "/p" });
    const first = await ensure(image, { places: { root } });
    assert.equal(first.outcome, "built");
    assert.equal(first.digest, await registryDigest(first.imageName));

    const uriStarted = performance.now();
    const uri = await image.uri({ root });
    const uriMs = performance.now() - uriStarted;
    const again = await ensure(image, { uri, places: { root } });
    assert.deepEqual(
      [again.outcome, again.repoDigest, again.digest, again.steps],
      ["exists", first.repoDigest, first.digest, 0],
    );
    assert.ok(again.operation.logged.includes(`info: ${uri} already exists. The build is skipped.`));
    console.log(
      `      unchanged, 501 files: URI in ${uriMs.toFixed(0)} ms, lookup and all else in ` +
        `${again.durationMs.toFixed(0)} ms`,
    );

    writeFiles(root, { "proj/a.txt": "2" });
    const changed = await ensure(image, { places: { root } });
    assert.equal(changed.outcome, "built");
    assert.notEqual(changed.imageName, first.imageName);
  });

  it("is built again when that is forced, without a look [F102]", async () => {
    const image = start.clone({ name: uniqueName(), registry: plainRegistry() }).withEnvVars({ A: "1" });
    await ensure(image);
    assert.equal((await ensure(image)).outcome, "exists");
    const forced = await ensure(image, { force: true });
    assert.equal(forced.outcome, "built");
    assert.ok(!forced.operation.logged.some((line) => line.includes("exists")));
  });

  it("is built where nobody knows whether it exists, and that is said [F101]", async () => {
    const image = start.clone({ name: uniqueName(), registry: authRegistry() }).withEnvVars({ A: "1" });
    const withoutLogin = await ensure(image).catch((error: unknown) => error);
    assert.ok(ImageBuilderError.is(withoutLogin, "pushFailed"), String(withoutLogin));
    const core = coreOn(undefined, credentialsFor({ [authRegistry()]: login() }));
    assert.equal((await ensure(image, {}, core)).outcome, "built");
    assert.equal((await ensure(image, {}, core)).outcome, "exists", "it is looked up with the same login");
  });

  it("is taken for existing where the registry is out of reach and it was seen within a day [F100][F106]", async () => {
    const image = start.clone({ name: uniqueName(), registry: "127.0.0.1:1" }).withEnvVars({ A: "1" });
    let stored = {};
    const memory = new ExistenceMemory({ get: () => stored, set: async (images) => void (stored = images) }, "test");
    const uri = await image.uri();
    const question = { image, uri, registry: registryAt("127.0.0.1:1"), memory };
    assert.equal((await existenceOf(question, coreOn())).kind, "unknown");
    await memory.remember({ uri, platform: image.platform }, { repoDigest: `127.0.0.1:1/x@sha256:${"0".repeat(64)}` });
    assert.equal((await ensure(image, { memory })).outcome, "exists");
  });

  it("without a registry is looked for in the daemon", async () => {
    const image = start.clone({ name: uniqueName() }).withEnvVars({ A: "1" });
    assert.equal((await ensure(image)).outcome, "built");
    assert.equal((await ensure(image)).outcome, "exists");
  });

  it("exists only with all its platforms; another kind of thing by its name is no image [F105]", async () => {
    const content = new RegistryContent(plainRegistry());
    const image = start
      .clone({ name: uniqueName(), registry: plainRegistry(), platform: ["linux/amd64", "linux/arm64"] })
      .withEnvVars({ A: "1" });
    const { name = "" } = image;
    const uri = await image.uri();
    const tag = uri.slice(uri.lastIndexOf(":") + 1);
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const [amd, arm] = [await content.image(name, ""), await content.image(name, "", { architecture: "arm64" })];
    const entry = (image: typeof amd, architecture: string, variant?: string) => ({
      ...image,
      platform: { os: "linux", architecture, variant },
    });
    const index = (manifests: readonly object[]) =>
      content.manifest(name, tag, { schemaVersion: 2, mediaType, manifests });
    const kind = async (wanted: Image = image) =>
      (await existenceOf({ image: wanted, uri, registry: registryAt(plainRegistry()) }, coreOn())).kind;

    assert.equal(await kind(), "absent");
    await index([entry(amd, "amd64")]);
    assert.equal(await kind(), "absent");
    await index([entry(amd, "amd64"), entry(arm, "arm64", "v8")]);
    assert.equal(await kind(), "exists");
    await content.image(name, tag);
    assert.equal(
      await kind(image.clone({ platform: "linux/amd64" })),
      "exists",
      "a single image stands for its platform",
    );
    assert.equal(await kind(), "absent");
    const config = await content.blob(name, "{}", "application/vnd.example.config");
    await content.manifest(name, tag, {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config,
      layers: [],
    });
    assert.equal(await kind(image.clone({ platform: "linux/amd64" })), "absent");
  });

  it("tells a failed step at its layer, with the daemon's own words [F114]", async () => {
    const image = start.withEnvVars({ A: "1" }).withCommands(["true", "echo oh dear >&2; exit 7"]).withWorkdir("/app");
    const located: (number | undefined)[] = [];
    const locateLayer = (layer: number | undefined) => {
      located.push(layer);
      return { file: "/spec.image.yaml", line: 12 };
    };
    await assert.rejects(ensure(image, { locateLayer }), (error) => {
      assert.ok(ImageBuilderError.is(error, "buildFailed"));
      assert.deepEqual([located, error.location], [[1], { file: "/spec.image.yaml", line: 12 }]);
      assert.match(error.message, /^The build failed at ".*" in spec\.image\.yaml, line 12: .*(?:exit 7|exit code: 7)/);
      return ImageBuilderError.is(error.cause, "buildFailed");
    });
  });

  it("of several platforms is one index if the daemon has a store for it [F5][F105][F110][F111]", async () => {
    const { DriverStatus } = (await askDaemon("/info")) as { readonly DriverStatus: unknown };
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY x /x\n", x: uniqueName() });
    const base = Image.fromDockerfile("Dockerfile", {
      registry: plainRegistry(),
      name: uniqueName("base"),
      platform: ["linux/amd64", "linux/arm64"],
    });
    const builders = async (): Promise<string[]> =>
      ((await askDaemon("/containers/json?all=1")) as { readonly Names: readonly string[] }[])
        .flatMap(({ Names }) => Names)
        .filter((each) => each.includes("buildx"));
    if (!JSON.stringify(DriverStatus).includes("io.containerd.snapshotter.v1")) {
      await assert.rejects(
        ensure(base, { places: { root } }),
        (error) =>
          ImageBuilderError.is(error, "optionInvalid") &&
          error.message.includes(
            "keeps only one platform per image. " +
              "Choose one platform, or switch the daemon to the containerd image store",
          ),
      );
      return;
    }
    const { imageName } = await ensure(base, { places: { root } });
    assert.deepEqual(await builders(), [], "the daemon builds for all platforms itself");
    const image = Image.fromBase(imageName)
      .clone({ name: uniqueName(), registry: plainRegistry(), extendable: true, platform: base.platform })
      .withEnvVars({ A: "1" });
    const first = await ensure(image);
    assert.deepEqual([first.outcome, first.digest], ["built", await registryDigest(first.imageName)]);
    assert.deepEqual([(await ensure(image)).outcome, (await ensure(image)).digest], ["exists", first.digest]);
    assert.equal(
      (
        await existenceOf(
          {
            image: image.clone({ platform: ["linux/amd64", "linux/s390x"] }),
            uri: first.imageName,
            registry: registryAt(plainRegistry()),
          },
          coreOn(),
        )
      ).kind,
      "absent",
    );
  });

  it("by its Dockerfile is only described by a dry run, too [F102][F113]", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" });
    const image = Image.fromDockerfile("Dockerfile", {
      registry: plainRegistry(),
      name: uniqueName(),
      platform: ownPlatform,
    });
    const { outcome, imageName, steps } = await ensure(image, { places: { root }, dryRun: true });
    assert.deepEqual([outcome, steps, await registryDigest(imageName)], ["dryRun", 0, undefined]);
  });
});
