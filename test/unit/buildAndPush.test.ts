import assert from "node:assert/strict";
import * as z from "zod";
import { buildAndPush } from "../../src/core/buildAndPush";
import type { ImageBuilder } from "../../src/core/builders/imageBuilder";
import { BuildContext } from "../../src/core/context/buildContext";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../src/core/errors";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { recordingOperation } from "../support/operation";

describe("a builder that works elsewhere", () => {
  const built: string[] = [];
  const builder: ImageBuilder = {
    isBuildingLocally: false,
    buildContextClass: BuildContext,
    async build(imageName) {
      built.push(imageName);
      return `${imageName}@sha256:0`;
    },
  };
  const flavors = new FlavorRegistry();
  flavors.register({ name: "remote", type: "image_builder", displayName: "Remote", description: "", configSchema: z.strictObject({}), load: async () => builder });
  const core = { flavors, services: { engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }), credentials: { find: async () => undefined } } };
  const request = { root: "/nonexistent", imageName: "ghcr.io/team/app:1", options: {}, builder: { name: "far", type: "image_builder", flavor: "remote", configuration: {} } } as const;

  it("is not asked without a registry to hand the image over [Z84][Z148]", async () => {
    await assert.rejects(buildAndPush(request, core, recordingOperation()), (error) => ImageBuilderError.is(error, "registryMissing") && /"far" does not build on this machine/.test(error.message));
    assert.deepEqual(built, []);
  });

  it("gets the registry, and its answer is the digest [Z83]", async () => {
    const registry = { name: "mine", type: "container_registry", flavor: "github", configuration: { uri: "ghcr.io/team" } } as const;
    assert.equal((await buildAndPush({ ...request, registry }, core, recordingOperation())).digest, "sha256:0");
  });
});
