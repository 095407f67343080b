import assert from "node:assert/strict";
import type { Component } from "../../../src/core/base/component";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { flavorOf } from "../../../src/core/flavors/givenFlavor";
import { registryConfigSchema } from "../../../src/core/contracts/registryConfig";

const registry = (flavor: string, configuration: Record<string, unknown>): Component => ({
  name: "mine",
  type: "container_registry",
  flavor,
  configuration,
});
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) =>
  ImageBuilderError.is(error, code) && message.test(error.message);

describe("flavors", () => {
  it("come built in: three kinds of builder and six kinds of registry [Z5][Z129]", () => {
    const flavors = new FlavorRegistry();
    assert.deepEqual(
      flavors.list("image_builder").map(({ name }) => name),
      ["local", "buildkit", "embedded"],
    );
    assert.deepEqual(
      flavors.list("container_registry").map(({ name }) => name),
      ["default", "dockerhub", "github", "gcp", "azure", "aws"],
    );
  });

  it("are found by type and name, and an unknown one names those that exist", () => {
    const flavors = new FlavorRegistry();
    assert.equal(flavors.get("container_registry", "default").name, "default");
    assert.throws(
      () => flavors.get("container_registry", "local"),
      fails("flavorUnknown", /no container registry flavor named "local".*default, dockerhub/),
    );
  });

  it("are added under a free name and taken away again", () => {
    const flavors = new FlavorRegistry();
    const mine = { ...flavors.get("image_builder", "local"), name: "mine" };
    const remove = flavors.register(mine);
    assert.equal(flavors.get("image_builder", "mine"), mine);
    assert.throws(() => flavors.register(mine), fails("flavorInvalid", /image builder flavor "mine" already exists/));
    remove();
    assert.throws(() => flavors.get("image_builder", "mine"), fails("flavorUnknown", /"mine"/));
  });

  it("that cannot be had say why, until they can", () => {
    const flavors = new FlavorRegistry();
    flavors.refuse(
      "image_builder",
      "mine",
      new ImageBuilderError("workspaceUntrusted", "The workspace is not trusted."),
    );
    assert.throws(() => flavors.get("image_builder", "mine"), fails("workspaceUntrusted", /not trusted/));
    assert.throws(() => flavors.get("container_registry", "mine"), fails("flavorUnknown", /"mine"/));
    flavors.register({ ...flavors.get("image_builder", "local"), name: "mine" })();
    assert.throws(
      () => flavors.get("image_builder", "mine"),
      fails("flavorUnknown", /no image builder flavor named "mine"/),
    );
  });
});

describe("a flavor that somebody gives", () => {
  const configSchema = registryConfigSchema;
  const load = async () => Promise.reject<never>(new Error("not loaded to be checked"));

  it("is called by its name and has the type that it is registered as, unless it says otherwise", async () => {
    const { name, type, displayName, description } = await flavorOf(
      { name: "mine", configSchema, load },
      "an extension",
      "container_registry",
    );
    assert.deepEqual(
      { name, type, displayName, description },
      { name: "mine", type: "container_registry", displayName: "mine", description: "From an extension" },
    );
    const other = { name: "mine", type: "image_builder", configSchema, load };
    await assert.rejects(
      flavorOf(other, "an extension", "container_registry"),
      fails("flavorInvalid", /has the type "image_builder", but "container_registry" is expected/),
    );
  });

  it("may be made of the toolkit, and be an instance of a class", async () => {
    class Mine {
      readonly name = "mine";
      readonly configSchema = configSchema;
      get displayName(): string {
        return "Mine";
      }
      async load(): Promise<never> {
        throw new Error(this.name);
      }
    }
    const flavor = await flavorOf(() => new Mine(), "an extension", "container_registry");
    assert.equal(flavor.displayName, "Mine");
    await assert.rejects(async () => flavor.load(registry("mine", {}), {}, {} as ImplementationServices), /mine/);
  });
});

describe("a component's configuration", () => {
  const flavors = new FlavorRegistry();
  const check = (component: Component): object =>
    checkConfiguration(flavors.get("container_registry", component.flavor), component);

  it("loses trailing slashes of the address and is frozen [Z18][Z117]", () => {
    const config = check(registry("default", { uri: " ghcr.io/team// " }));
    assert.deepEqual(config, { uri: "ghcr.io/team" });
    assert.ok(Object.isFrozen(config));
  });

  const refused: readonly (readonly [flavor: string, configuration: Record<string, unknown>, message: RegExp])[] = [
    ["default", {}, /"mine" \(flavor default\).*uri: the registry address is missing/],
    ["default", { uri: "" }, /uri: enter the registry's host/],
    ["default", { uri: "ghcr.io", password: "x" }, /password/],
    ["default", { uri: 5 }, /uri/],
    ["dockerhub", { uri: "ghcr.io/team" }, /uri: use a Docker Hub address/],
    ["default", { uri: "ghcr.io/Team" }, /uri: enter the registry's path in lowercase, such as "ghcr\.io\/team"/],
    [
      "default",
      { uri: "ghcr.io", authenticationSecret: "{{logins.password}}" },
      /authenticationSecret: a secret reference can't be used here/,
    ],
  ];
  for (const [flavor, configuration, message] of refused) {
    it(`of flavor ${flavor} refuses ${JSON.stringify(configuration)} [Z17]`, () => {
      assert.throws(() => check(registry(flavor, configuration)), fails("configurationInvalid", message));
    });
  }

  it("of Docker Hub takes each of its names", () => {
    for (const uri of ["docker.io/me", "index.docker.io/me", "https://index.docker.io/v1/"])
      assert.doesNotThrow(() => check(registry("dockerhub", { uri })), uri);
  });
});
