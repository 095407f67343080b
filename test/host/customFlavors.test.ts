import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ImageBuilder, ImageBuildersApi, RegistryConfig } from "../../src/api/api";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { call, extension, set } from "./extension";

const dockerfile = "FROM busybox:1.35\nCOPY libs/shared.txt /shared.txt\n";

/** A service of a monorepo, whose image takes a library from beside it. */
function service(): string {
  return join(temporaryFolder({ "shop/Dockerfile": dockerfile, "libs/shared.txt": uniqueName() }), "shop");
}

const build = (folder: string, builder = "mine") => call("buildImage", { folder, imageName: uniqueName(), builder });

describe("a flavor that the package.json of another extension names", () => {
  const sample = () => vscode.extensions.getExtension("image-builders-samples.monorepo-builder");

  before(() => extension().activate());
  afterEach(async () => {
    await set("builders", undefined);
    await set("registries", undefined);
  });
  after(removeTemporaryFolders);

  it("activates its extension on use, and builds with contexts of its own class [Z2][Z85]", async () => {
    const { activationEvents } = sample()?.packageJSON as { readonly activationEvents?: unknown };
    assert.deepEqual(activationEvents, [], "nothing else activates it");
    await set("builders", [{ name: "mine", flavor: "monorepo", configuration: { shared: ["../libs"] } }]);
    assert.match((await build(service()))?.imageId ?? "", /^sha256:/);
    assert.equal(sample()?.isActive, true);
  });

  it("pushes what it builds, and hands back the registry's own digest [Z95]", async () => {
    await set("builders", [{ name: "mine", flavor: "monorepo", configuration: { shared: ["../libs"] } }]);
    await set("registries", [{ name: "there", flavor: "default", configuration: { uri: plainRegistry() } }]);
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const outcome = await call("buildAndPushImage", {
      folder: service(),
      imageName,
      builder: "mine",
      registry: "there",
    });
    assert.equal(outcome?.repoDigest?.split("@")[1], await registryDigest(imageName));
  });

  it("tells what is wrong with its configuration and with a folder that is not there [Z17]", async () => {
    await set("builders", [{ name: "mine", flavor: "monorepo", configuration: { shared: "../libs", other: 1 } }]);
    await assert.rejects(
      build(service()),
      /The configuration of "mine" \(flavor monorepo\) is invalid: .*unknown field "other"/,
    );
    await set("builders", [{ name: "mine", flavor: "monorepo", configuration: { shared: ["../none"] } }]);
    await assert.rejects(build(service()), /Can't add directory ".*none": it does not exist/);
  });
});

describe("a flavor that another extension registers", () => {
  let api: ImageBuildersApi;
  before(async () => void (api = await extension().activate()));
  afterEach(() => set("registries", undefined));

  it("may be made of our toolkit, with no import of ours [Z1]", async () => {
    const registration = api.registerContainerRegistryFlavor<RegistryConfig>(
      ({ registryConfigSchema, ContainerRegistry }) => ({
        name: "guarded",
        configSchema: registryConfigSchema,
        async load({ name }, config, services) {
          class Guarded extends ContainerRegistry {
            protected override async prepareImagePush(imageName: string): Promise<void> {
              throw new Error(`${imageName} is not let in`);
            }
          }
          return new Guarded(name, config, services);
        },
      }),
    );
    await set("registries", [{ name: "there", flavor: "guarded", configuration: { uri: plainRegistry() } }]);
    const name = `${plainRegistry()}/${uniqueName()}:1`;
    const folder = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    await assert.rejects(
      call("buildAndPushImage", { folder, imageName: name, builder: "local", registry: "there" }),
      new RegExp(`${name} is not let in`),
    );
    registration.dispose();
    await assert.rejects(
      call("buildAndPushImage", { folder, imageName: name, builder: "local", registry: "there" }),
      /no container registry flavor named "guarded"/,
    );
  });

  it("is known by nobody where it cannot be used", async () => {
    const registration = api.registerImageBuilderFlavor({
      name: "lacking",
      load: async () => Promise.reject<ImageBuilder>(new Error()),
    } as unknown as Parameters<typeof api.registerImageBuilderFlavor>[0]);
    await set("builders", [{ name: "mine", flavor: "lacking", configuration: {} }]);
    await assert.rejects(build(service()), /no image builder flavor named "lacking"/);
    registration.dispose();
    await set("builders", undefined);
  });
});

describe("a flavor of a module in the workspace", () => {
  const register = (source: string, type = "image_builder") =>
    vscode.commands.executeCommand<string>("imageBuilders.registerFlavorFromSource", { type, source });
  let root: string;

  before(async () => {
    await extension().activate();
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    mkdirSync(join(root, "flavors"), { recursive: true });
    writeFiles(root, {
      "flavors/tidy.mjs": `export default ({ z, BuildContext, LocalImageBuilder }) => ({
        name: "tidy", type: "image_builder", configSchema: z.strictObject({ note: z.string() }),
        async load(component, { note }, services) {
          class Noted extends BuildContext {
            constructor(options) {
              super(options);
              this.addFile({ content: note }, "note.txt");
            }
          }
          return Object.assign(new LocalImageBuilder(services), { buildContextClass: Noted });
        },
      });
      export const broken = () => { throw new Error("no luck"); };
      export const registry = ({ registryConfigSchema: configSchema }) => ({
        name: "theirs", type: "container_registry", configSchema, load() {},
      });`,
      "flavors/syntax.mjs": "export default {",
    });
  });
  afterEach(() => set("builders", undefined));

  it("builds with contexts of its own class once it is registered [Z9][Z85]", async () => {
    assert.equal(await register("./flavors/tidy.mjs"), "tidy");
    await set("builders", [{ name: "mine", flavor: "tidy", configuration: { note: uniqueName() } }]);
    assert.match(
      (await build(temporaryFolder({ Dockerfile: "FROM scratch\nCOPY note.txt /\n" })))?.imageId ?? "",
      /^sha256:/,
    );
  });

  it("is read again when it is registered again", async () => {
    const text = `export default ({ z, LocalImageBuilder }) => ({
      name: "again", type: "image_builder", configSchema: z.strictObject({ KEY: z.string() }),
      load: async (c, k, services) => new LocalImageBuilder(services),
    });`;
    for (const key of ["first", "second"]) {
      writeFiles(root, { "flavors/again.mjs": text.replace("KEY", key) });
      await register("./flavors/again.mjs");
      await set("builders", [{ name: "mine", flavor: "again", configuration: { none: "x" } }]);
      await assert.rejects(build(service()), new RegExp(`unknown field "none" \\(valid fields: ${key}\\)`));
    }
  });

  const refused: readonly (readonly [what: string, source: string, type: string, words: RegExp])[] = [
    [
      "there is no such file [Z10]",
      "./flavors/none.mjs",
      "image_builder",
      /The flavor can't be loaded from "\.\/flavors\/none\.mjs" in .*ENOENT/,
    ],
    [
      "it does not parse [Z10]",
      "./flavors/syntax.mjs",
      "image_builder",
      /can't be loaded from "\.\/flavors\/syntax\.mjs"/,
    ],
    [
      "it throws [Z10]",
      "./flavors/tidy.mjs#broken",
      "image_builder",
      /"\.\/flavors\/tidy\.mjs#broken" doesn't create a flavor \(no luck\)/,
    ],
    [
      "it has no such export [Z11]",
      "./flavors/tidy.mjs#none",
      "image_builder",
      /The module exports .*broken.*name one of them after "#"/,
    ],
    [
      "it is of another type [Z14]",
      "./flavors/tidy.mjs#registry",
      "image_builder",
      /"theirs" .* has the type "container_registry", but "image_builder" is expected/,
    ],
  ];
  for (const [what, source, type, words] of refused) {
    it(`is refused where ${what}`, () => assert.rejects(async () => register(source, type), words));
  }
});
