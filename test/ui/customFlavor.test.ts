import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleVsixFile } from "../../scripts/setup/bundle.mjs";
import { root as repository } from "../../scripts/setup/paths.mjs";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { answer } from "./answer";

describe("a flavor that does not come with the extension", function () {
  this.timeout(300_000);
  this.bail(true);
  const sample = readFileSync(join(repository, "samples/custom-flavor/monorepo.mjs"), "utf8");
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "shop/Dockerfile": "FROM busybox:1.35\nCOPY libs/shared.txt /shared.txt\n",
      "libs/shared.txt": uniqueName(),
      "flavors/mine.mjs": sample
        .replace('name: "monorepo"', 'name: "mine"')
        .replace('displayName: "Monorepo"', 'displayName: "Mine"'),
      "flavors/wrong.mjs": `export default "a flavor";
        export const failing = () => { throw new Error("no luck"); };
        export const idle = ({ z }) => ({ name: "idle", configSchema: z.strictObject({}) });
        export const odd = ({ z }) => ({
          name: "odd", type: "orchestrator", configSchema: z.strictObject({}), load() {},
        });
        export const other = ({ z }) => ({
          name: "other", type: "container_registry", configSchema: z.strictObject({}), load() {},
        });
        export const loose = { name: "loose", configSchema: { word: "string" }, load() {} };
        export const lost = { name: "lost", configSchema: "./none.mjs", load() {} };
        export const huge = ({ z }) => ({
          name: "huge", load() {},
          configSchema: z.strictObject({ word: z.string().meta({ description: "x".repeat(65536) }) }),
        });
        export const broken = ({ z }) => ({
          name: "broken", configSchema: z.strictObject({}), implementation: "./none.mjs",
        });
        export const alien = ({ z }) => ({
          name: "alien", configSchema: z.strictObject({}), implementation: "./wrong.mjs#Alien",
        });
        export class Alien { paint() {} }`,
    });
    vsCode = await VsCode.open({ folder: root, extensions: [sampleVsixFile], viewport: { width: 1280, height: 1200 } });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("is offered where an extension brings it, and asked for by its own schema", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await workbench.command("Image Builders: Set Up Builder...");
    await workbench.quickPick(/Monorepo.*shared folders in every context/).waitFor();
    await vsCode.screenshot("flavors-of-extensions");
    await workbench.pick(/Monorepo/);
    await answer(vsCode, "services");
    await workbench.textBox().fill("[1]");
    await workbench
      .quickInput()
      .getByText(/must be text/i)
      .waitFor();
    await vsCode.screenshot("custom-flavor-validation");
    await answer(vsCode, '["../libs"]');
    await workbench.pick("User Settings");
    await workbench.treeItem(/^services/).waitFor();
  });

  it("builds an image with contexts of its own class", () => build("services"));

  const refused: readonly (readonly [what: string, source: string, words: RegExp])[] = [
    ["there is no such module [Z10]", "./flavors/none.mjs", /can't be loaded from ".\/flavors\/none.mjs".*ENOENT/],
    ["the module makes none [Z10]", "./flavors/wrong.mjs#failing", /doesn't create a flavor \(no luck\)/],
    ["it is no flavor at all [Z11]", "./flavors/wrong.mjs", /is not a flavor: it must be an object with name/],
    ["it has no implementation [Z12]", "./flavors/wrong.mjs#idle", /"idle" .* has no implementation/],
    [
      "its implementation does not load [Z12]",
      "./flavors/wrong.mjs#broken",
      /The implementation of the flavor "broken" can't be loaded/,
    ],
    ["its implementation is no builder [Z13]", "./flavors/wrong.mjs#alien", /is not a class with the method "build"/],
    ["it is of no type that there is [Z14]", "./flavors/wrong.mjs#odd", /"odd" .* has the unknown type "orchestrator"/],
    [
      "it is of another type [Z14]",
      "./flavors/wrong.mjs#other",
      /has the type "container_registry", but "image_builder" is expected/,
    ],
    ["its schema does not load [Z15]", "./flavors/wrong.mjs#lost", /schema of the flavor "lost" can't be loaded/],
    [
      "its schema is none [Z15]",
      "./flavors/wrong.mjs#loose",
      /"loose" .* is not a schema\. Create "configSchema" with zod/,
    ],
    ["its schema is too long [Z16]", "./flavors/wrong.mjs#huge", /has \d{5,} characters as JSON; the maximum is 65535/],
  ];
  for (const [what, source, words] of refused) {
    it(`is refused in plain words where ${what}`, async () => {
      const { workbench } = vsCode;
      await register(source);
      await workbench.toast(words).waitFor();
      if (source.endsWith("#alien")) await vsCode.screenshot("flavor-refused");
      await workbench.command("Notifications: Clear All Notifications");
    });
  }

  it("is registered from a module of the workspace [Z9]", async () => {
    const { workbench } = vsCode;
    await workbench.viewMenu("Builders", "Add Flavor from Source...");
    await workbench.pick("Image builder");
    await workbench.textBox().fill("./flavors/min");
    await workbench
      .quickInput()
      .getByText(/Can't find the file .*flavors\/min/)
      .waitFor();
    await vsCode.screenshot("flavor-from-source");
    await answer(vsCode, "./flavors/mine.mjs");
    await workbench
      .toast(/The flavor "mine" \(Mine\) has been added to this workspace/)
      .getByRole("button", { name: "Set Up Builder..." })
      .click();
    await answer(vsCode, "own");
    await answer(vsCode, '["../libs"]');
    await workbench.pick("Workspace Settings");
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^own/).waitFor();
    await vsCode.screenshot("custom-flavors-tree", ...bothThemes);
  });

  it("of the workspace builds an image once a person has allowed it, too [Z85]", () => build("own", "Allow"));

  it("of the workspace is there again when the window was reloaded", async () => {
    await vsCode.show(root);
    await build("own");
  });

  it("is taken away once it was told who uses it", async () => {
    const { workbench } = vsCode;
    await workbench.viewMenu("Builders", "Remove Flavor...");
    await workbench.pick(/mine/);
    await workbench
      .dialog(/It is used by "own"/)
      .getByRole("button", { name: "Remove" })
      .click();
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^own, .*needs attention/).waitFor();
  });

  async function register(source: string): Promise<void> {
    await vsCode.workbench.viewMenu("Builders", "Add Flavor from Source...");
    await vsCode.workbench.pick("Image builder");
    await answer(vsCode, source);
  }

  async function build(builder: string, consent?: "Allow"): Promise<void> {
    const { workbench } = vsCode;
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem("shop"), "Image Builders", "Build Image...");
    await workbench.pick(new RegExp(`^${builder}`));
    await answer(vsCode, `shop:${builder}`);
    if (consent)
      await workbench
        .dialog(/Use the builder or registry that this workspace specifies/)
        .getByRole("button", { name: consent })
        .click();
    await workbench.toast(new RegExp(`Built shop:${builder}`)).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
  }
});
