import assert from "node:assert/strict";
import type { Component } from "../../../src/core/components/component";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/errors";
import { checkConfiguration } from "../../../src/core/flavors/checkConfiguration";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";

const registry = (flavor: string, configuration: Record<string, unknown>): Component => ({ name: "mine", type: "container_registry", flavor, configuration });
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => ImageBuilderError.is(error, code) && message.test(error.message);

describe("flavors", () => {
  it("come built in: the local builder and six kinds of registry [Z5][Z129]", () => {
    const flavors = new FlavorRegistry();
    assert.deepEqual(flavors.list("image_builder").map(({ name }) => name), ["local"]);
    assert.deepEqual(flavors.list("container_registry").map(({ name }) => name), ["default", "dockerhub", "github", "gcp", "azure", "aws"]);
  });

  it("are found by type and name, and an unknown one names those that exist", () => {
    const flavors = new FlavorRegistry();
    assert.equal(flavors.get("container_registry", "default").name, "default");
    assert.throws(() => flavors.get("container_registry", "local"), fails("flavorUnknown", /no container registry flavor named "local".*default, dockerhub/));
  });

  it("are added under a free name and taken away again", () => {
    const flavors = new FlavorRegistry();
    const mine = { ...flavors.get("image_builder", "local"), name: "mine" };
    const remove = flavors.register(mine);
    assert.equal(flavors.get("image_builder", "mine"), mine);
    assert.throws(() => flavors.register(mine), fails("flavorInvalid", /image builder flavor "mine" exists already/));
    remove();
    assert.throws(() => flavors.get("image_builder", "mine"), fails("flavorUnknown", /"mine"/));
  });
});

describe("a component's configuration", () => {
  const flavors = new FlavorRegistry();
  const check = (component: Component): object => checkConfiguration(flavors.get("container_registry", component.flavor), component);

  it("loses trailing slashes of the address and is frozen [Z18][Z117]", () => {
    const config = check(registry("default", { uri: " ghcr.io/team// " }));
    assert.deepEqual(config, { uri: "ghcr.io/team" });
    assert.ok(Object.isFrozen(config));
  });

  const refused: readonly (readonly [flavor: string, configuration: Record<string, unknown>, message: RegExp])[] = [
    ["default", {}, /"mine" \(flavor default\).*uri: the registry's address is missing/],
    ["default", { uri: "" }, /uri: write the registry's host/],
    ["default", { uri: "ghcr.io", password: "x" }, /password/],
    ["default", { uri: 5 }, /uri/],
    ["dockerhub", { uri: "ghcr.io/team" }, /uri: write Docker Hub's address/],
  ];
  for (const [flavor, configuration, message] of refused) {
    it(`of flavor ${flavor} refuses ${JSON.stringify(configuration)} [Z17]`, () => {
      assert.throws(() => check(registry(flavor, configuration)), fails("configurationInvalid", message));
    });
  }

  it("of Docker Hub takes each of its names", () => {
    for (const uri of ["docker.io/me", "index.docker.io/me", "https://index.docker.io/v1/"]) assert.doesNotThrow(() => check(registry("dockerhub", { uri })), uri);
  });
});
