import assert from "node:assert/strict";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { flavorToolkit } from "../../../src/core/flavors/flavorToolkit";
import { flavorOf } from "../../../src/core/flavors/givenFlavor";
import { Image } from "../../../src/core/image/image";
import { planImage } from "../../../src/core/image/plan/planImage";
import { Secrets } from "../../../src/vscode/platform/secrets";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { memorySecrets } from "../../support/memento";
import { recordingOperation } from "../../support/operation";
import { Asked, isRefused, stored, services } from "./askedSources";

describe("a source that is named", () => {
  let asked: Asked;
  beforeEach(() => void (asked = new Asked()));
  after(removeTemporaryFolders);

  it("as a place of a flavor's configuration is given to the flavor once it is allowed, with its secrets", async () => {
    let loaded = 0;
    const { z, secretField } = await flavorToolkit();
    const configSchema = z.object({
      place: z.string(),
      token: secretField({ plainText: "warned", description: "The token" }),
    });
    const flavors = new FlavorRegistry();
    flavors.register(
      await flavorOf(
        {
          name: "remote",
          configSchema,
          load: async () => (loaded++, { isBuildingLocally: false, build: async () => "x" }),
        },
        "a test",
        "image_builder",
      ),
    );
    const make = (configuration: Component["configuration"]) =>
      createComponent(
        "image_builder",
        { name: "far", type: "image_builder", flavor: "remote", configuration, from: "workspace" },
        flavors,
        services(new Secrets(memorySecrets()), asked),
      );
    await assert.rejects(make({ place: "https://far.example", token: "pl4in" }), isRefused);
    assert.deepEqual([loaded, asked.requests.length], [0, 1]);
    const { destination } = asked.requests[0] ?? assert.fail();
    assert.deepEqual(destination, {
      kind: "flavor",
      flavor: "remote",
      configuration: '{"place":"https://far.example","token":"***"}',
      addresses: ["https://far.example"],
    });
    await assert.rejects(make({ place: "unix:///x", token: "{{npm.token}}" }), isRefused);
    asked.agrees = true;
    await assert.rejects(make({ place: "unix:///x", token: "{{npm.token}}" }), /"npm", which is not stored/);
    assert.deepEqual(asked.requests.at(-1)?.source, { kind: "secret", name: "npm", keys: ["token"] });
    assert.equal(loaded, 0);
  });

  it("as the image of a tool is not built with before it is allowed", async () => {
    const core = { flavors: new FlavorRegistry(), services: services(new Secrets(memorySecrets()), asked) };
    const builder: Component = { name: "local", type: "image_builder", flavor: "local", configuration: {} };
    const image = Image.fromDebianBase({ installFlyte: false, name: "app", platform: "linux/amd64" }).withPipPackages(
      "six",
    );
    const places = { root: temporaryFolder(), uvImage: "evil.example/uv:1", syntax: "evil.example/frontend:1" };
    const planned = await planImage(image, places);
    const ensure = (): Promise<unknown> =>
      ensureImage({ ...planned, places, builder, force: true }, core, {
        ...recordingOperation(),
        consent: asked,
      });
    await assert.rejects(ensure(), isRefused);
    asked.agrees = true;
    await assert.rejects(ensure(), /nowhere/);
    assert.deepEqual(
      [
        ...new Set(
          asked.requests.map(
            ({ destination, requestedBy }) => `${requestedBy.name} ${"name" in destination ? destination.name : ""}`,
          ),
        ),
      ],
      ["uvImage evil.example/uv:1", "dockerfileSyntax evil.example/frontend:1"],
    );
  });

  it("for a build is not handed to a builder that works elsewhere before it is allowed", async () => {
    let built = 0;
    const flavors = new FlavorRegistry();
    const { z } = await flavorToolkit();
    flavors.register(
      await flavorOf(
        {
          name: "remote",
          configSchema: z.object({}),
          load: async () => ({
            isBuildingLocally: false,
            build: async () => (built++, `r.example/app@sha256:${"0".repeat(64)}`),
          }),
        },
        "a test",
        "image_builder",
      ),
    );
    const outside = join(temporaryFolder({ key: "k" }), "key");
    const options = {
      secrets: { one: { env: "ANY" }, two: { secret: "npm" }, three: { file: outside } },
      ssh: { default: outside },
    };
    const registry: Component = {
      name: "r",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: "r.example" },
    };
    const core = { flavors, services: services(await stored(), asked) };
    const run = (): Promise<unknown> =>
      buildAndPush(
        {
          root: temporaryFolder(),
          imageName: "r.example/app:1",
          builder: { name: "far", type: "image_builder", flavor: "remote", configuration: {} },
          registry,
          options,
        },
        core,
        { ...recordingOperation(), consent: asked },
      );
    await assert.rejects(run(), isRefused);
    assert.equal(built, 0);
    asked.agrees = true;
    await run();
    assert.equal(built, 1);
    assert.deepEqual(
      asked.requests.slice(1).map(({ source, requestedBy }) => [source.kind, requestedBy.name]),
      [
        ["environment", "one"],
        ["secret", "two"],
        ["file", "three"],
        ["sshKey", "default"],
      ],
    );
  });
});
