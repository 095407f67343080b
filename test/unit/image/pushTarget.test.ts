import assert from "node:assert/strict";
import type { Component } from "../../../src/core/base/component";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { Image } from "../../../src/core/image/image";
import { pushTarget } from "../../../src/core/jobs/pushTarget";

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

describe("the registry that an image is pushed to", () => {
  const image = Image.fromBase("busybox").clone({ name: "app" });
  const team = registryAt("https://ghcr.io/team/", "team");
  const other = registryAt("localhost:5000", "other");

  it("is its own, by the component that this belongs to, else as it is [F107]", async () => {
    const own = image.clone({ registry: "ghcr.io/team/sub" });
    assert.deepEqual(await pushTarget(own, { registries: [other, team], active: other }, core), {
      image: own,
      registry: team,
    });
    const unknown = image.clone({ registry: "quay.example/x" });
    assert.deepEqual(
      (await pushTarget(unknown, { registries: [other, team], active: other }, core)).registry,
      registryAt("quay.example/x"),
    );
  });

  it("is else the one asked for, then the active one, whose address it takes on [F107]", async () => {
    const asked = await pushTarget(image, { registries: [other, team], asked: team, active: other }, core);
    assert.deepEqual([asked.image.registry, asked.registry], ["ghcr.io/team", team]);
    const active = await pushTarget(image, { registries: [team, other], active: other }, core);
    assert.deepEqual([active.image.registry, active.registry], ["localhost:5000", other]);
  });

  it("is asked with the image's own secret where that is stored, which is confirmed [F71]", async () => {
    const own = image.clone({ registry: "ghcr.io/team", registrySecret: { key: "LOGIN", group: "ghcr" } });
    const registryWith = async (storedSecrets: readonly string[]) =>
      (await pushTarget(own, { registries: [], storedSecrets }, core)).registry;
    const stored = await registryWith(["other", "ghcr_LOGIN"]);
    assert.deepEqual(stored.configuration, { uri: "ghcr.io/team", authenticationSecret: "ghcr_LOGIN" });
    assert.equal(stored.from, "workspace");
    assert.deepEqual((await registryWith(["other"])).configuration, { uri: "ghcr.io/team" });
  });

  it("keeps an account on Docker Hub", async () => {
    const named = image.clone({ name: "team/app" });
    assert.equal((await pushTarget(named, { registries: [], active: registryAt("docker.io") }, core)).image, named);
  });

  it("must be there before the daemon is asked for anything [F108]", async () => {
    await assert.rejects(pushTarget(image, { registries: [team] }, core), (error) => {
      return (
        ImageBuilderError.is(error, "registryMissing") &&
        /Add "registry" to the image, set an active registry, choose a registry .*, or add one/.test(error.message)
      );
    });
  });
});
