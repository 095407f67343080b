import assert from "node:assert/strict";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { VsCode, type VsCodeOptions } from "../support/ui";

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

function specText(name: string, layer: string): string {
  return (
    `from:\n  base: busybox:1.35\nclone:\n  name: ${name}\n  platform: ${platform}\nlayers:\n` +
    `  - workdir: /app\n  - ${layer}\n`
  );
}

describe("image specs in a window", function () {
  this.timeout(240_000);
  let vsCode: VsCode | undefined;

  async function open(options: VsCodeOptions): Promise<VsCode> {
    vsCode = await VsCode.open(options);
    await vsCode.workbench.openView("Image Builders");
    return vsCode;
  }
  afterEach(async () => {
    await vsCode?.close();
    vsCode = undefined;
  });
  after(removeTemporaryFolders);

  it("of several folders are told apart by them, and a failed step leads to its layer", async () => {
    const name = uniqueName("twice");
    const spec = (layer: string) =>
      temporaryFolder({ "app.image.yaml": specText(name, layer), "app.Dockerfile": "FROM scratch\n" });
    const [first, second] = [spec("workdir: /one"), spec('commands: ["echo oh dear; exit 7"]')];
    const workspace = join(temporaryFolder(), "both.code-workspace");
    writeFileSync(
      workspace,
      JSON.stringify({
        folders: [
          { path: first, name: "first" },
          { path: second, name: "second" },
        ],
      }),
    );
    const registries = [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];
    const window = await open({ folder: workspace, settings: { "imageBuilders.registries": registries } });
    const { workbench, page } = window;
    // The palette offers builds of specs only beside an open one; keys ask which.
    writeFileSync(
      join(window.server.userData, "User/keybindings.json"),
      JSON.stringify([{ key: "ctrl+alt+shift+s", command: "imageBuilders.buildImageSpec" }]),
    );
    await window.showUntil(workspace, async () => {
      await workbench.openView("Image Builders");
      for (const folder of ["first", "second"])
        await workbench
          .treeItem(new RegExp(`^${folder}/app\\.image\\.yaml, not built yet`))
          .waitFor({ timeout: 60_000 });
      await workbench.press("Control+Alt+Shift+S", workbench.quickPick(/app\.image\.yaml.*first/s), "visible", 3);
    });
    await window.screenshot("image-specs-of-folders");
    await workbench.pick(/app\.image\.yaml.*second/s);
    const toast = workbench.toast(/exit code: 7|non-zero code: 7/);
    await toast.getByRole("button", { name: "Open Image Spec" }).waitFor();
    await window.screenshot("image-spec-failed");
    await toast.getByRole("button", { name: "Open Image Spec" }).click();
    await page
      .locator(".part.statusbar")
      .getByText(/Ln 8, /)
      .waitFor();
    await page.locator(".squiggly-error").first().waitFor();

    await workbench.command("Image Builders: Convert to Dockerfile");
    const question = workbench.dialog(/app\.Dockerfile already exists\. Replace it\?/);
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "hidden" });
    assert.equal(readFileSync(join(second, "app.Dockerfile"), "utf8"), "FROM scratch\n");
  });

  it("that is not trusted are read but not looked up or run, and only the workspace is read", async () => {
    const sign = join(temporaryFolder(), "was-run");
    const outside = join(temporaryFolder({ big: "" }), "big");
    truncateSync(outside, 3 * 2 ** 30);
    const folder = temporaryFolder({
      "app.image.yaml": specText("app", "workdir: /one"),
      "outside.image.yaml": specText("out", `sourceFile: ${outside}`),
      "program.image.mjs": `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(sign)}, "");\n`,
    });
    const registries = [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];
    const trust = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
    const window = await open({ folder, settings: { ...trust, "imageBuilders.registries": registries } });
    const { workbench } = window;
    await workbench.treeItem(/^app\.image\.yaml, not checked in Restricted Mode/).waitFor();
    // What asks for a decision is open from the start.
    await workbench.treeItem(/Not read in Restricted Mode: .* is outside the workspace's folders/).waitFor();
    await window.screenshot("image-specs-untrusted");
    // It is closed so that there is room for the next one, since rows out of sight are not drawn.
    await workbench
      .treeItem(/^outside\.image\.yaml, /)
      .locator(".monaco-tl-twistie")
      .click();
    await workbench
      .treeItem(/^program\.image\.mjs, not run in Restricted Mode/)
      .locator(".monaco-tl-twistie")
      .click();
    await workbench.treeItem(/^This spec is a program and runs only in a trusted workspace/).waitFor();
    assert.ok(!existsSync(sign), "the program was not run");
  });
});
