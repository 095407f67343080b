import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Component, ComponentType } from "../../../src/core/base/component";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { createComponent } from "../../../src/core/flavors/createComponent";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { loadFlavorSource } from "../../../src/core/flavors/flavorSource";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const files = {
  "echo.mjs": `
    export default ({ z, BuildContext }) => ({
      name: "echo", type: "image_builder", displayName: "Echo", description: "Says it",
      configSchema: z.strictObject({ word: z.string() }),
      load: async (component, config) => ({
        isBuildingLocally: false, buildContextClass: BuildContext,
        build: async (name) => name + " " + config.word,
      }),
    });`,
  "split.mjs": `
    const configSchema = "./config.mjs#schema";
    const implementation = "./parts/builder.mjs#Builder";
    const usual = { type: "image_builder", configSchema, implementation };
    export const split = { ...usual, name: "split" };
    export const broken = { ...usual, name: "broken", implementation: "./parts/heavy.mjs" };
    export const alien = { ...usual, name: "alien", implementation: "./parts/builder.mjs#Alien" };
    export const lost = { ...usual, name: "lost", configSchema: "./absent.mjs" };
    export const loose = { ...usual, name: "loose", configSchema: "./config.mjs#notASchema" };
    export const huge = { ...usual, name: "huge", configSchema: "./config.mjs#huge" };
    export const nameless = usual;
    export const idle = { type: "image_builder", name: "idle", configSchema };
    export const odd = { ...usual, name: "odd", type: "orchestrator" };
    export const inherited = { ...usual, name: "inherited", type: "toString" };
    export const text = "a flavor";
    export const waiting = () => new Promise(() => {});
    export const failing = () => { throw new Error("no luck"); };`,
  "config.mjs": `import * as z from ${JSON.stringify(pathToFileURL(require.resolve("zod")).href)};
    export const schema = z.strictObject({ word: z.string() });
    export const notASchema = { word: "string" };
    export const huge = z.strictObject({ word: z.string().meta({ description: "x".repeat(65536) }) });`,
  "parts/builder.mjs": `
    export class Builder {
      constructor(component, config) { this.word = component.name + " " + config.word; }
      async build(name) { return name + " " + this.word; }
    }
    export class Alien { paint() {} }`,
  "parts/heavy.mjs": `import "a-package-that-nobody-has";`,
  "syntax.mjs": "export default {",
  "endless.mjs": "await new Promise(() => {});",
};

describe("a flavor from a file", () => {
  let root: string;
  before(() => void (root = temporaryFolder(files)));
  after(removeTemporaryFolders);

  const load = (source: string, type: ComponentType = "image_builder") =>
    loadFlavorSource({ source, type, root, log: recordingOperation().log });
  const services: ImplementationServices = {
    engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
    credentials: { find: async () => undefined },
  };

  async function build(source: string): Promise<unknown> {
    const flavors = new FlavorRegistry();
    const flavor = await load(source);
    flavors.register(flavor);
    const component: Component = {
      name: "mine",
      type: "image_builder",
      flavor: flavor.name,
      configuration: { word: "hello" },
    };
    const builder = await createComponent("image_builder", component, flavors, services);
    return builder.build("app:1", new BuildContext({ root }), {}, recordingOperation());
  }

  it("that is made by a function of the toolkit works [Z9]", async () => {
    assert.equal(await build("./echo.mjs"), "app:1 hello");
    assert.equal(await build(join(root, "echo.mjs")), "app:1 hello");
  });

  it("whose schema and class are in files of their own works [Z1][Z9]", async () => {
    const flavor = await load("./split.mjs#split");
    assert.deepEqual([flavor.displayName, flavor.description], ["split", 'From "./split.mjs#split"']);
    const made = (await flavor.load(
      { name: "mine", type: "image_builder", flavor: "split", configuration: {} },
      { word: "hello" },
      services,
    )) as { word?: string };
    assert.equal(made.word, "mine hello");
  });

  const refused: readonly (readonly [what: string, source: string, message: RegExp])[] = [
    ["there is no such file [Z10]", "./absent.mjs", /The flavor can't be loaded from "\.\/absent\.mjs" in .*ENOENT/],
    ["the file does not parse [Z10]", "./syntax.mjs", /can't be loaded from "\.\/syntax\.mjs"/],
    [
      "the file has no such export [Z10]",
      "./split.mjs#none",
      /not in "\.\/split\.mjs#none"\. The module exports alien, broken, /,
    ],
    ["it is a folder [Z10]", "./parts", /can't be loaded/],
    ["it is a text [Z11]", "./split.mjs#text", /"\.\/split\.mjs#text" is not a flavor/],
    ["its function throws [Z11]", "./split.mjs#failing", /doesn't create a flavor \(no luck\)/],
    ["it has no name [Z11]", "./split.mjs#nameless", /has no name/],
    ["it has no implementation [Z12]", "./split.mjs#idle", /"idle" .* has no implementation/],
    [
      "its implementation does not load [Z12]",
      "./split.mjs#broken",
      /implementation of the flavor "broken" can't be loaded .*a-package-that-nobody-has/,
    ],
    [
      "its implementation is something else [Z13]",
      "./split.mjs#alien",
      /implementation of the flavor "alien".*is not a class with the method "build"/,
    ],
    ["its type is unknown [Z14]", "./split.mjs#odd", /has the unknown type "orchestrator"/],
    ["its type is what every object has [Z14]", "./split.mjs#inherited", /has the unknown type "toString"/],
    [
      "its configuration does not load [Z15]",
      "./split.mjs#lost",
      /configuration schema of the flavor "lost" can't be loaded/,
    ],
    [
      "its configuration is no schema [Z15]",
      "./split.mjs#loose",
      /"loose" .* is not a schema\. Create "configSchema" with zod/,
    ],
    [
      "its schema's text is too long [Z16]",
      "./split.mjs#huge",
      /"huge" has \d{5,} characters as JSON; the maximum is 65535/,
    ],
  ];
  for (const [what, source, message] of refused) {
    it(`is refused when ${what}`, async () => {
      await assert.rejects(load(source), (error) => {
        assert.ok(ImageBuilderError.is(error, "flavorInvalid"), String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("is refused when it is of another type than was asked for [Z14]", async () => {
    await assert.rejects(
      load("./echo.mjs", "container_registry"),
      /"echo" .* has the type "image_builder", but "container_registry" is expected/,
    );
  });

  for (const source of ["./endless.mjs", "./split.mjs#waiting"]) {
    it(`is given up where ${source} never gets ready`, async () => {
      await assert.rejects(
        loadFlavorSource({ source, type: "image_builder", root, log: recordingOperation().log, patienceMs: 200 }),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "flavorInvalid"), String(error));
          assert.match(error.message, /was not ready within 0\.2 s/);
          return true;
        },
      );
    });
  }

  it("is read again when its file has changed", async () => {
    writeFiles(root, { "changing.mjs": files["echo.mjs"].replaceAll("echo", "one") });
    assert.equal((await load("./changing.mjs")).name, "one");
    await sleep(20);
    writeFiles(root, { "changing.mjs": files["echo.mjs"].replaceAll("echo", "two") });
    assert.equal((await load("./changing.mjs")).name, "two");
  });

  it("is looked for in the process's folder where none is open, with a warning [Z51]", async () => {
    const { log, logged } = recordingOperation();
    await assert.rejects(
      loadFlavorSource({ source: "./absent.mjs", type: "image_builder", log }),
      /flavorInvalid|can't be loaded/,
    );
    assert.match(logged[0] ?? "", /^warn: No folder is open.*absent\.mjs/);
  });
});
