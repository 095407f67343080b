import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { writeMessyProject } from "../support/messyProject";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";

/** Ten lines, hardly one of which does what its writer meant. */
const ignoreFile = `# Keep the image small
__pycache__
node_modules
data\\raw
*.tar.gz # backups
mlrun
!models/encoder.safetensors
models
[docs
`;
/** More than there is to fix, so that a circle would show. */
const mostFixes = 40;

describe("a messy folder", function () {
  this.timeout(240_000);
  this.bail(true);
  let root: string;
  let vsCode: VsCode;
  let sizeBefore: string;

  before(async () => {
    root = temporaryFolder();
    writeMessyProject(root);
    writeFileSync(join(root, ".dockerignore"), ignoreFile);
    vsCode = await VsCode.open({ folder: root, viewport: { width: 1500, height: 950 } });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("is pictured with all that it would send", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Show Treemap");
    await workbench.pick(/image-builders-/);
    await picture()
      .getByRole("treeitem", { name: /^data, / })
      .waitFor();
    sizeBefore = await size();
    assert.match(sizeBefore, /GB/);
  });

  it("has its mistakes in the Problems panel, beside the lines that make them", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.treeItem(".dockerignore").dblclick();
    await workbench.command("View: Move Editor into Right Group");
    await workbench.command("Problems: Focus on Problems View");
    // The panel draws only the rows that are in sight, the gravest first.
    for (const words of [/"\[docs"/, /environment variables/, /SSH keys/]) await workbench.problem(words).waitFor();
    await page.locator(".squiggly-error").first().waitFor();
    await vsCode.screenshot("messy-before", ...bothThemes);
  });

  it("is fixed by quick fixes that tell what they do, until nothing is left", async () => {
    const { page } = vsCode;
    for (let fixes = 0; (await problems().count()) > 0; fixes++) {
      assert.ok(fixes < mostFixes, "there is always something left to fix");
      const before = await problems().allInnerTexts();
      const actions = page.locator(".action-widget:not(.action-list-submenu-panel)");
      // From the right group's editor to the next problem, and from there to what fixes it.
      await until(async () => {
        await page.keyboard.press("Control+2");
        await page.keyboard.press("F8");
        await page.locator(".peekview-widget").first().waitFor();
        await page.keyboard.press("Control+.");
        return actions
          .getByRole("option")
          .first()
          .waitFor({ timeout: 5_000 })
          .then(
            () => true,
            () => false,
          );
      }, `quick fixes for one of "${before.join()}" are offered`);
      if (fixes === 0) await vsCode.screenshot("quick-fix");
      await page.keyboard.press("Enter");
      await actions.waitFor({ state: "hidden" });
      await until(
        async () => (await problems().allInnerTexts()).join() !== before.join(),
        `something of "${before.join()}" goes`,
      );
    }
    await page.locator(".markers-panel").getByText("No problems have been detected").waitFor();
  });

  it("sends little then, and its picture shows that", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("File: Save All");
    await until(async () => (await size()) !== sizeBefore && /MB/.test(await size()), "the picture shrinks");
    await page.locator(".markers-panel").getByText("No problems have been detected").waitFor();
    await vsCode.screenshot("messy-after");

    const sent = [...(await new BuildContext({ root }).getFiles()).keys()];
    assert.deepEqual(
      sent.filter((path) => /^\.git\/|node_modules|\.env|id_ed25519|mlruns|\.tar\.gz$|^data\/raw/.test(path)),
      [],
    );
    assert.ok(sent.includes("models/encoder.safetensors"), "what the Dockerfile copies is there");
    assert.notEqual(readFileSync(join(root, ".dockerignore"), "utf8"), ignoreFile);
  });

  /** The treemap's page: a frame in a frame. */
  function picture(): FrameLocator {
    return vsCode.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  }

  function size(): Promise<string> {
    return picture().locator("#total").innerText();
  }

  /** The rows of the Problems panel that are no files. */
  function problems(): Locator {
    return vsCode.page.locator(".markers-panel .monaco-list-row").filter({ has: vsCode.page.locator(".marker-icon") });
  }
});
