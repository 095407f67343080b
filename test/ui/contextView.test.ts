import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { writeMessyProject } from "../support/messyProject";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";

describe("the Build Context view and the treemap", function () {
  this.timeout(120_000);
  // Each step begins where the one before ended.
  this.bail(true);
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = join(temporaryFolder({ "forecast/README.md": "# Forecast\n" }), "forecast");
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

  function cell(name: RegExp): Locator {
    return page().getByRole("treeitem", { name }).first();
  }

  function ignoreFile(): string {
    return readFileSync(join(root, ".dockerignore"), "utf8");
  }

  it("asks for a folder, and lists what is sent, the largest first", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await vsCode.page.locator("a.monaco-link", { hasText: "show the build context" }).click();
    await workbench.quickPick("forecast").click();
    await workbench.treeItem(/^Build context forecast: 2 secrets · .* · \.dockerignore/).waitFor();
    for (const view of ["Builders", "Registries", "Builds", "Images"])
      await vsCode.page
        .locator(".part.sidebar")
        .getByRole("button", { name: `${view} Section` })
        .click();
    await workbench.treeItem(/^models, folder, 617 MB/).click();
    await workbench.treeItem(/^encoder\.safetensors, 310 MB/).waitFor();
  });

  it("shows secrets and, when asked, what is excluded and why", async () => {
    const { workbench } = vsCode;
    await workbench.treeItem(/^deploy, folder, .*1 secret/).click();
    await workbench.treeItem(/^id_ed25519, secret: SSH keys/).waitFor();
    await workbench.viewAction("Build Context", "Show Excluded Files");
    await workbench.treeItem(/^docs, folder, excluded by line 3 · /).waitFor();
    await vsCode.screenshot("context-tree", ...bothThemes);
    await workbench.choose(workbench.treeItem(/^docs, folder/), "Go to Matching Rule");
    await vsCode.page
      .locator(".statusbar")
      .getByText(/Ln 3, /)
      .waitFor();
    await workbench.viewAction("Build Context", "Hide Excluded Files");
    await workbench.treeItem(/^docs, folder/).waitFor({ state: "hidden" });
  });

  it("narrows while a filter is typed, and is whole again without it", async () => {
    const { workbench, page: window } = vsCode;
    await workbench.viewAction("Build Context", "Filter Build Context...");
    await workbench.quickInputBox().fill("*.csv");
    await workbench.treeItem(/^2024\.csv/).waitFor();
    await workbench.treeItem(/^models/).waitFor({ state: "hidden" });
    await window.getByText('Filtered by "*.csv": 267 MB · 3 files').waitFor();
    await window.keyboard.press("Enter");
    await vsCode.screenshot("context-filter", "dark");
    await workbench.viewAction("Build Context", "Clear Filter");
    await workbench.treeItem(/^models, folder/).waitFor();
  });

  it("draws the same as a map", async () => {
    await vsCode.workbench.command("Image Builders: Show Treemap");
    await cell(/^models, folder, 617 MB, 3 files/).waitFor();
    await page()
      .getByRole("button", { name: /^\.env/ })
      .waitFor();
    await vsCode.screenshot("treemap", ...bothThemes);
  });

  it("is gone through with the keys", async () => {
    const { page: window } = vsCode;
    await cell(/^models, folder/).focus();
    await window.keyboard.press("ArrowRight");
    assert.match(await focused(), /^data, folder/);
    await window.keyboard.press("Enter");
    await page().locator("#crumbs").getByText("data").waitFor();
    await cell(/^raw, folder/).waitFor();
    assert.match(await focused(), /^raw, folder|^train\.parquet/);
    await window.keyboard.press("Backspace");
    await cell(/^models, folder/).waitFor();
    assert.equal(await page().locator("[tabindex='0'][role='treeitem']").count(), 1, "one stop for the tab key");
  });

  it("tells before it excludes that a COPY would fail", async () => {
    const { workbench, page: window } = vsCode;
    await cell(/^models, folder/).focus();
    await window.keyboard.press("Delete");
    const dialog = workbench.dialog('Exclude "models" from the build context?');
    await dialog.getByText(/stops sending 3 files, 617 MB; no other changes/).waitFor();
    await dialog.getByText(/Dockerfile, line 6: This COPY fails/).waitFor();
    await vsCode.screenshot("treemap-exclude");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.doesNotMatch(ignoreFile(), /models/);
  });

  it("excludes from a rectangle's menu, and shrinks", async () => {
    const { workbench, page: window } = vsCode;
    await cell(/^\.venv/).click({ button: "right", position: { x: 20, y: 8 } });
    await workbench.menuItem("Exclude from Build Context...").waitFor();
    // A click that comes with the menu is taken for the end of the one that opened it.
    await window.evaluate("new Promise((resolve) => setTimeout(resolve, 250))");
    await workbench.menuItem("Exclude from Build Context...").click();
    const dialog = workbench.dialog('Exclude ".venv" from the build context?');
    await dialog.getByText(/stops sending 142 files, 342 MB; no other changes/).waitFor();
    await dialog.getByRole("button", { name: "Exclude" }).click();
    await cell(/^\.venv/).waitFor({ state: "detached" });
    await until(() => ignoreFile() === "# Python\n__pycache__\ndocs\n.venv\n", "the rule is added");
  });

  it("follows the ignore file, and offers a table", async () => {
    writeFileSync(join(root, ".dockerignore"), `${ignoreFile()}web/node_modules\n.git\nbackup*\n`);
    await cell(/^\.git/).waitFor({ state: "detached" });
    await page().getByRole("button", { name: "Table" }).click();
    await page()
      .getByRole("rowheader", { name: /^models\// })
      .waitFor();
    await vsCode.screenshot("treemap-table", ...bothThemes);
    await page().getByRole("button", { name: "models/" }).focus();
    await page().locator("#details").getByText("617 MB · 47% · 3 files").waitFor();
    await page().getByRole("button", { name: "models/" }).click();
    await page().getByRole("rowheader", { name: "encoder.safetensors", exact: true }).waitFor();
  });

  it("is there again after the window was opened again, as it was", async () => {
    await vsCode.workbench.command("Developer: Reload Window");
    await page().getByRole("rowheader", { name: "encoder.safetensors", exact: true }).waitFor();
    await vsCode.workbench.treeItem(/^Build context forecast/).waitFor();
    await page().getByRole("button", { name: "Map" }).click();
    await page().locator("#crumbs").getByRole("button", { name: "forecast" }).click();
    await cell(/^models, folder/).waitFor();
  });

  it("can be read in high contrast", async () => {
    const { workbench, page: window } = vsCode;
    writeFileSync(join(root, ".dockerignore"), "docs\n");
    await cell(/^\.venv/).waitFor();
    await vsCode.wear("dark");
    await workbench.command("Preferences: Color Theme");
    await workbench.quickInputBox().fill("Dark High Contrast");
    await workbench.quickPick("Dark High Contrast").click();
    await window.locator(".monaco-workbench.hc-black").waitFor();
    await cell(/^models, folder/).focus();
    await window.screenshot({ path: "test-results/screenshots/treemap-contrast.png", animations: "disabled" });
    await until(
      async () => (await page().locator("body.vscode-high-contrast").count()) === 1,
      "the page knows the theme",
    );
  });

  /** What is read out of what has the focus in the page. */
  async function focused(): Promise<string> {
    return (await page().locator(":focus").getAttribute("aria-label")) ?? "";
  }
});
