import assert from "node:assert/strict";
import * as z from "zod";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import type { ImageBuilder } from "../../src/core/contracts/imageBuilder";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../src/core/base/errors";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { recordingOperation } from "../support/operation";

describe("a builder that works elsewhere", () => {
  const built: string[] = [];
  const digest = `sha256:${"0".repeat(64)}`;
  const builder: ImageBuilder = {
    isBuildingLocally: false,
    buildContextClass: BuildContext,
    async build(imageName) {
      built.push(imageName);
      return `${imageName}@${digest}`;
    },
  };
  const flavors = new FlavorRegistry();
  flavors.register({
    name: "remote",
    type: "image_builder",
    displayName: "Remote",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => builder,
  });
  const core = {
    flavors,
    services: {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  };
  const request = {
    root: "/nonexistent",
    imageName: "ghcr.io/team/app:1",
    options: {},
    builder: { name: "far", type: "image_builder", flavor: "remote", configuration: {} },
  } as const;

  it("is not asked without a registry to hand the image over [Z84][Z148]", async () => {
    await assert.rejects(
      buildAndPush(request, core, recordingOperation()),
      (error) =>
        ImageBuilderError.is(error, "registryMissing") && /"far" doesn't build on this machine/.test(error.message),
    );
    assert.deepEqual(built, []);
  });

  it("gets the registry, and its answer is the digest [Z83]", async () => {
    const registry = {
      name: "mine",
      type: "container_registry",
      flavor: "github",
      configuration: { uri: "ghcr.io/team" },
    } as const;
    assert.equal((await buildAndPush({ ...request, registry }, core, recordingOperation())).digest, digest);
  });
});

describe("a builder that somebody gives", () => {
  const core = {
    flavors: new FlavorRegistry(),
    services: {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  };
  let made: unknown;
  core.flavors.register({
    name: "given",
    type: "image_builder",
    displayName: "Given",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => made as ImageBuilder,
  });
  const build = (builder: unknown, operation = recordingOperation()) => {
    made = builder;
    return buildAndPush(
      {
        root: "/nonexistent",
        imageName: "app:1",
        options: {},
        builder: { name: "theirs", type: "image_builder", flavor: "given", configuration: {} },
      },
      core,
      operation,
    );
  };

  it("need not name a class of contexts [Z85]", async () => {
    const contexts: BuildContext[] = [];
    const { reference } = await build({
      isBuildingLocally: true,
      build: async (imageName: string, context: BuildContext) => (contexts.push(context), imageName),
    });
    assert.equal(reference, "app:1");
    assert.ok(contexts[0] instanceof BuildContext, "it is given a context");
  });

  for (const builder of [undefined, null, 5, {}, { build: true }]) {
    it(`is refused as ${JSON.stringify(builder)}`, async () => {
      await assert.rejects(
        build(builder),
        (error) =>
          ImageBuilderError.is(error, "implementationUnavailable") &&
          /"given", which "theirs" uses, has no method "build": its "load" must return an image builder/.test(
            error.message,
          ),
      );
    });
  }

  const imageId = `sha256:${"a".repeat(64)}`;
  it("tells what it has built as an object, or as the image's name alone", async () => {
    for (const told of ["app:1", { reference: "app:1" }, { reference: "app:1", digest: null, imageId: null, more: 1 }])
      assert.equal((await build({ isBuildingLocally: true, build: async () => told })).reference, "app:1");
    const { reference, imageId: id } = await build({
      isBuildingLocally: true,
      build: async () => ({ reference: "app:1", imageId }),
    });
    assert.deepEqual([reference, id], ["app:1", imageId]);
  });

  const noImages = [undefined, null, 5, true, [], {}, { reference: 5 }, { imageId }, { digest: imageId }];
  for (const told of noImages) {
    it(`is refused when it tells ${JSON.stringify(told)} as what it has built`, async () => {
      await assert.rejects(
        build({ isBuildingLocally: true, build: async () => told }),
        (error) =>
          ImageBuilderError.is(error, "buildFailed") && /"theirs" did not return an image name/.test(error.message),
      );
    });
  }

  it("is refused when the id that it tells is none", async () => {
    for (const id of ["", "x", 5, {}, "[x](command:y)", `sha256:${"A".repeat(64)}`])
      await assert.rejects(
        build({ isBuildingLocally: true, build: async () => ({ reference: "app:1", imageId: id }) }),
        (error) =>
          ImageBuilderError.is(error, "digestInvalid") &&
          error.message.startsWith('The builder "theirs" returned an invalid digest'),
      );
  });

  it("must tell what it has built", async () => {
    await assert.rejects(
      build({ isBuildingLocally: true, build: async () => undefined }),
      (error) =>
        ImageBuilderError.is(error, "buildFailed") && /"theirs" did not return an image name/.test(error.message),
    );
  });

  it("is not waited for where it goes on though it was cancelled", async () => {
    const given = new AbortController();
    const building = build(
      { isBuildingLocally: true, build: () => new Promise(() => given.abort(new Error("given up"))) },
      { ...recordingOperation(), signal: given.signal },
    );
    await assert.rejects(building, /^Error: given up$/);
  });
});
