import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { ImageBuilder } from "../../../src/core/contracts/imageBuilder";
import type { Component } from "../../../src/core/base/component";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import type { RegistryConfig } from "../../../src/core/contracts/registryConfig";
import { ExistenceMemory, type RememberedImage } from "../../../src/core/jobs/existenceMemory";
import { findImage, type FoundImage, type ImageChecker } from "../../../src/core/jobs/imageChecker";
import { Image } from "../../../src/core/image/image";
import { planImage } from "../../../src/core/image/plan/planImage";
import { pushTarget } from "../../../src/core/jobs/pushTarget";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const wanted = { uri: "ghcr.io/team/app:abc", platform: ["linux/amd64"] };
const core = {
  flavors: new FlavorRegistry(),
  services: {
    engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
    credentials: { find: async () => undefined },
  },
};
const registryAt = (uri: string, name = uri): Component => ({
  name,
  type: "container_registry",
  flavor: "default",
  configuration: { uri },
});
const builder: Component = { name: "local", type: "image_builder", flavor: "local", configuration: {} };

const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });

/** Answers as it is told, and counts how often it was asked. */
class Answering implements ImageChecker {
  asked = 0;
  constructor(private readonly answer: FoundImage | undefined | Error) {}
  async find(): Promise<FoundImage | undefined> {
    this.asked++;
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
}
const silent = (why: string): Answering => new Answering(new ImageBuilderError("registryUnreachable", why));

class Stored {
  images: Readonly<Record<string, RememberedImage>> = {};
  readonly get = (): Readonly<Record<string, RememberedImage>> => this.images;
  readonly set = async (images: Readonly<Record<string, RememberedImage>>): Promise<void> =>
    void (this.images = images);
}

describe("whether an image exists", () => {
  it("is what the first says that knows: found, or certainly not there, which ends the search [F100]", async () => {
    const last = new Answering({});
    assert.deepEqual(
      await findImage(wanted, [silent("no"), new Answering({ repoDigest: `x@sha256:${"1".repeat(64)}` }), last]),
      { kind: "exists", repoDigest: `x@sha256:${"1".repeat(64)}` },
    );
    assert.deepEqual(await findImage(wanted, [silent("no"), new Answering(undefined), last]), { kind: "absent" });
    assert.equal(last.asked, 0);
  });

  it("is unknown where nobody answers, with every reason [F101]", async () => {
    assert.deepEqual(await findImage(wanted, [silent("one."), silent("two.")]), {
      kind: "unknown",
      reasons: ["one.", "two."],
    });
    assert.deepEqual(await findImage(wanted, []), { kind: "unknown", reasons: [] });
  });

  it("is never asked for the tag latest, nor where there is no tag [F104]", async () => {
    const checker = new Answering({});
    for (const uri of ["ghcr.io/team/app:latest", "ghcr.io/team/app"])
      assert.equal((await findImage({ ...wanted, uri }, [checker])).kind, "unknown");
    assert.equal(checker.asked, 0);
  });

  it("is no answer when it was cancelled or something else broke", async () => {
    const abort = new AbortController();
    abort.abort(new Error("stop"));
    await assert.rejects(findImage(wanted, [silent("no")], abort.signal), /stop/);
    await assert.rejects(findImage(wanted, [new Answering(new TypeError("a bug"))]), TypeError);
  });

  it("is remembered for a day, for one registry, whatever the platforms' order [F106]", async () => {
    const stored = new Stored();
    let now = 0;
    const memory = new ExistenceMemory(stored, "one", () => now);
    const image = { uri: wanted.uri, platform: ["linux/amd64", "linux/arm64"] };
    await memory.remember(image, { repoDigest: `x@sha256:${"1".repeat(64)}` });
    assert.deepEqual(await memory.find({ ...image, platform: ["linux/arm64", "linux/amd64"] }), {
      repoDigest: `x@sha256:${"1".repeat(64)}`,
    });
    await assert.rejects(memory.find(wanted), { code: "requestFailed" });
    await assert.rejects(new ExistenceMemory(stored, "another", () => now).find(image), { code: "requestFailed" });
    now = 24 * 60 * 60 * 1000;
    await assert.rejects(memory.find(image), { code: "requestFailed" });
    await memory.remember(wanted, {});
    assert.equal(Object.keys(stored.images).length, 1, "what is too old is not kept");
    await memory.forget(wanted);
    assert.deepEqual(stored.images, {});
  });
});

describe("an image that shall exist", () => {
  it("is neither looked up nor built when it is only a reference [F103]", async () => {
    const image = Image.fromBase("busybox:1.35");
    const operation = recordingOperation();
    const result = await ensureImage(
      { ...(await planImage(image)), places: {}, builder, registry: registryAt("nowhere.invalid") },
      core,
      operation,
    );
    assert.deepEqual([result.outcome, result.reference, operation.logged], ["reference", "busybox:1.35", []]);
  });

  it("is only described by a dry run, which asks nobody and keeps nothing [F102]", async () => {
    const image = start.clone({ registry: "nowhere.invalid/x" }).withWorkdir("/app");
    const stored = new Stored();
    const request = {
      ...(await planImage(image)),
      places: {},
      builder,
      registry: registryAt("nowhere.invalid/x"),
      memory: new ExistenceMemory(stored, "x"),
      dryRun: true,
    };
    const result = await ensureImage(request, core, recordingOperation());
    assert.equal(result.outcome, "dryRun");
    assert.match(result.dockerfile ?? "", /^FROM busybox:1\.35\n\nWORKDIR \/app\n/);
    assert.deepEqual(stored.images, {});
  });
});

describe("an image whose builder works elsewhere", () => {
  const given: { readonly imageName: string; readonly root: string | undefined }[] = [];
  const remote: ImageBuilder = {
    isBuildingLocally: false,
    buildContextClass: BuildContext,
    async build(imageName, context) {
      given.push({ imageName, root: context.root });
      return `${imageName}@sha256:${"0".repeat(64)}`;
    },
  };
  const flavors = new FlavorRegistry();
  flavors.register({
    name: "remote",
    type: "image_builder",
    displayName: "Remote",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => remote,
  });
  const far: Component = { name: "far", type: "image_builder", flavor: "remote", configuration: {} };
  after(removeTemporaryFolders);

  it("is given to it as to any other, also by its Dockerfile, and is waited for [F109] [F115]", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\n" });
    const layered = Image.fromBase("busybox:1.35")
      .clone({ name: "app", registry: "ghcr.io/team", extendable: true })
      .withWorkdir("/app");
    for (const image of [layered, Image.fromDockerfile("Dockerfile", { registry: "ghcr.io/team", name: "app" })]) {
      const planned = await planImage(image, { root });
      const { uri } = planned;
      const result = await ensureImage(
        { ...planned, places: { root }, builder: far, registry: registryAt("ghcr.io/team"), force: true },
        { ...core, flavors },
        recordingOperation(),
      );
      assert.deepEqual([result.outcome, result.imageName, result.digest], ["built", uri, `sha256:${"0".repeat(64)}`]);
      assert.equal(given.at(-1)?.imageName, uri);
    }
    assert.deepEqual(
      given.map((each) => each.root),
      [undefined, root],
    );
  });

  it("is not built where a file is missing, before anybody is asked [F114]", async () => {
    const image = start.withSourceFile("gone.txt");
    const asked = given.length;
    const places = { root: temporaryFolder({ "gone.txt": "" }) };
    await assert.rejects(planImage(image, { root: temporaryFolder() }), { code: "imageFileMissing" });
    const planned = await planImage(image, places);
    rmSync(join(places.root, "gone.txt"));
    await assert.rejects(
      ensureImage(
        { ...planned, places, builder: far, registry: registryAt("ghcr.io/team"), force: true },
        { ...core, flavors },
        recordingOperation(),
      ),
      { code: "contextChanged" },
    );
    assert.equal(given.length, asked);
  });
});

describe("a registry of a build", () => {
  it("is made once: for its address, for the look and for the push", async () => {
    const { ContainerRegistry } = await import("../../../src/core/contracts/containerRegistry");
    const { registryConfigSchema } = await import("../../../src/core/contracts/registryConfig");
    const flavors = new FlavorRegistry();
    const made: unknown[] = [];
    const given: unknown[] = [];
    flavors.register({
      name: "counted",
      type: "container_registry",
      displayName: "",
      description: "",
      configSchema: registryConfigSchema,
      async load({ name }, config, services) {
        made.push(new ContainerRegistry(name, config as RegistryConfig, services));
        return made[0] as InstanceType<typeof ContainerRegistry>;
      },
    });
    flavors.register({
      name: "seen",
      type: "image_builder",
      displayName: "",
      description: "",
      configSchema: z.strictObject({}),
      load: async () => ({
        isBuildingLocally: true,
        async build(reference, _context, _options, _operation, registry) {
          given.push(registry);
          return { reference };
        },
      }),
    });
    const counting = { ...core, flavors };
    const active: Component = { ...registryAt("127.0.0.1:1"), flavor: "counted" };
    const target = await pushTarget(start, { registries: [active], active }, counting);
    const planned = await planImage(target.image);
    for (const more of [{}, { force: true }]) {
      const result = await ensureImage(
        { ...target, ...planned, places: {}, builder: { ...builder, flavor: "seen" }, ...more },
        counting,
        recordingOperation(),
      );
      assert.equal(result.outcome, "built");
    }
    assert.equal(made.length, 1);
    assert.deepEqual(given, [made[0], made[0]]);
    const { madeRegistry, ...unmade } = target;
    assert.equal(madeRegistry, made[0]);
    await ensureImage(
      { ...unmade, ...planned, places: {}, builder: { ...builder, flavor: "seen" } },
      counting,
      recordingOperation(),
    );
    assert.equal(made.length, 2, "also where nobody had asked for its address");
  });
});
