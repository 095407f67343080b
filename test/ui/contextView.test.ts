import assert from "node:assert/strict";
import type { FrameLocator } from "playwright-core";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { writeMessyProject } from "../support/messyProject";
import { VsCode } from "../support/ui";

describe("the Build Context view and the treemap", function () {
  this.timeout(120_000);
  this.bail(true);
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder();
    writeMessyProject(root);
    vsCode = await VsCode.open({ folder: root, viewport: { width: 1500, height: 950 } });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await vsCode.screenshot("failed-context", "dark");
  });

  /** The page of the treemap: a frame in a frame. */
  function page(): FrameLocator {
    return vsCode.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  }

  it("asks for a folder, and shows it", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await vsCode.page.getByRole("button", { name: "Show Build Context" }).click();
    await vsCode.screenshot("context-choose", "dark");
    await workbench.quickPick(/image-builders-/).click();
    await workbench.treeItem(/^Build context /).waitFor();
    await vsCode.screenshot("context-tree");
  });

  it("draws", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Show Treemap");
    await page().getByRole("treeitem", { name: /^models/ }).waitFor();
    await vsCode.page.waitForTimeout(800);
    await vsCode.screenshot("treemap");
    assert.ok(true);
  });
});
