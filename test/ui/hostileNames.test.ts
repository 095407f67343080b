import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { dangersOf, tableOf, type Danger } from "../support/dangers";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { hostile, HostileRegistry, hostileIcon, hostileLines, hostileLink } from "../support/hostile";
import { VsCode } from "../support/ui";
import { answer } from "./answer";

const key =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n" +
  "-----END OPENSSH PRIVATE KEY-----\n";

/** Names that a folder may bring along, and a Dockerfile whose step says hostile things. */
function writeHostileFolder(root: string): void {
  const write = (path: string, text = "x"): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    "Dockerfile",
    "FROM busybox:1.35\nCOPY . /app/\n" +
      `RUN printf '\\033[31m\\033]8;;http://e.test\\007${hostileLink}\\n'; sleep 8; ` +
      `echo '${hostileLink} ${hostileIcon}' >&2; exit 3\n`,
  );
  write(".dockerignore", `*.log\n${hostileLink}\n\\[Fix it*\n!\\[Fix it*\n`);
  write(`${hostile}.txt`);
  write(`${hostile}.log`);
  write(`${hostileLines}.log`, "xx");
  write(`${hostileLink}.pem`, key);
  write(`${"n".repeat(240)}.txt`);
  // As deep as the file system allows, in names as long as it allows.
  write(`${Array.from({ length: 15 }, () => "d".repeat(250)).join("/")}/end.txt`);
  write(`${hostileLink} ${hostileIcon}/Dockerfile`, "FROM scratch\nCOPY . /\n");
  write(`${hostileLink} ${hostileIcon}/data.bin`, "x".repeat(9_000));
  write(`${hostileLines}/Dockerfile`, "FROM scratch\nCOPY . /\n");
  write(`sub/${hostileLink}.Dockerfile`, "FROM scratch\nCOPY . /\n");
  // What is said of this file stands above the Build Context view.
  write(`sub/${hostileLink}.Dockerfile.dockerignore`, "[a\n");
  write(`sub/${hostile}.bin`, "x".repeat(9_000));
  write(
    `${hostileLink} ${hostileIcon}.image.yaml`,
    `name: app\nlayers:\n  - commands: ["echo '${hostileLink}'"]\n  - nothing ${hostileLink}: 1\n`,
  );
}

const explain = "Explain Why File Is Included or Excluded";

describe("hostile names and answers", function () {
  this.timeout(240_000);
  const dangers: Danger[] = [];
  const name = uniqueName("hostile");
  let [refusing, listing]: [HostileRegistry?, HostileRegistry?] = [];
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = join(temporaryFolder(), "project");
    writeHostileFolder(root);
    [refusing, listing] = await Promise.all([HostileRegistry.start("refuses"), HostileRegistry.start("lists")]);
    const registries = [
      { name: "refusing", flavor: "default", configuration: { uri: refusing.address } },
      { name: "listing", flavor: "default", configuration: { uri: listing.address } },
      { name: hostile, flavor: hostile, configuration: { uri: hostile } },
    ];
    vsCode = await VsCode.open({
      folder: root,
      settings: { "imageBuilders.registries": registries, "imageBuilders.decorateExcluded": true },
      viewport: { width: 1500, height: 950 },
    });
  });
  after(async () => {
    console.log(tableOf(dangers));
    await vsCode.close();
    await Promise.all([refusing?.stop(), listing?.stop()]);
    removeTemporaryFolders();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await vsCode.screenshot("failed-hostile", "dark");
    await vsCode.page.keyboard.press("Escape");
  });

  /** Counts what a surface makes of the text, and holds that it is nothing. */
  async function harmless(surface: string, part: Locator, shows?: RegExp): Promise<void> {
    const found = await dangersOf(surface, part, shows);
    dangers.push(found);
    const { targets, icons, pictures, hidden } = found;
    assert.deepEqual({ targets, icons, pictures, hidden }, { targets: [], icons: 0, pictures: 0, hidden: 0 }, surface);
  }
  const toasts = (): Locator => vsCode.page.locator(".notification-toast");
  const quickInput = (): Locator => vsCode.page.locator(".quick-input-widget:visible");
  const hovers = (): Locator => vsCode.page.locator(".monaco-hover:visible, .workbench-hover:visible");
  async function closeToasts(): Promise<void> {
    await vsCode.workbench.command("Notifications: Clear All Notifications");
    await toasts().first().waitFor({ state: "hidden" });
  }

  /** As keys show it, without a mouse that rests. */
  async function showTooltip(row: Locator): Promise<void> {
    await row.click();
    await vscodeHover();
  }
  async function vscodeHover(): Promise<void> {
    await vsCode.workbench.press(["Control+k", "Control+i"], hovers().first());
  }

  it("are texts where a file is explained", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^local, /).waitFor();
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem(/^\[Fix it\].*\.txt/), "Image Builders", explain);
    await harmless("notification: Explain", toasts());
    await vsCode.screenshot("hostile-explained");
    await closeToasts();
  });

  it("are texts in the Build Context view, its tooltips and the question for a folder", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Show Build Context");
    await harmless("quick pick: which context", quickInput());
    await vsCode.screenshot("hostile-pick");
    await workbench.pick(/project/);
    await workbench.treeItem(/^Build context project/).waitFor();
    await page
      .locator(".part.sidebar .pane-header[aria-expanded=true]")
      .filter({ hasNotText: /build context/i })
      .first()
      .waitFor();
    const others = page
      .locator(".part.sidebar .pane-header[aria-expanded=true]")
      .filter({ hasNotText: /build context/i });
    while ((await others.count()) > 0) await others.first().click();
    await workbench.viewAction("Build Context", "Show Excluded Files");
    const tree = page.locator(".part.sidebar .pane.expanded .monaco-list-rows");
    await harmless("tree: Build Context", tree);
    await vsCode.screenshot("hostile-context");
    await showTooltip(workbench.treeItem(/^\[Fix it\].*\.txt/));
    await harmless("tooltip: Build Context", hovers());
    await vsCode.screenshot("hostile-tooltip");
    await page.keyboard.press("Escape");
  });

  it("are texts above the rows of a context whose ignore file cannot be used", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Show Build Context");
    await workbench.pick(/sub\/.*\.Dockerfile/);
    await harmless("message above a tree", page.locator(".part.sidebar .message"));
    await vsCode.screenshot("hostile-view-message");
  });

  it("are texts in the treemap", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Show Treemap");
    const picture = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
    await picture
      .getByRole("treeitem", { name: /Fix it/ })
      .first()
      .waitFor();
    await harmless("treemap", picture.locator("body"));
    await vsCode.screenshot("hostile-treemap");
  });

  it("are texts in hovers, lenses, completion and problems of an ignore file", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.treeItem(/^\.dockerignore/).dblclick();
    await page.locator(".codelens-decoration").first().waitFor();
    await harmless("code lenses", page.locator(".editor-instance .view-lines"));
    await workbench.goTo(1, 2);
    await workbench.command("Show or Focus Hover");
    await harmless("hover of a line", hovers());
    await vsCode.screenshot("hostile-hover");
    await page.keyboard.press("Escape");
    await workbench.goTo(4, 10);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await workbench.press("Control+Space", page.locator(".suggest-widget:visible .monaco-list-row").first());
    await harmless("completion", page.locator(".suggest-widget:visible"));
    await vsCode.screenshot("hostile-completion");
    await page.keyboard.press("Escape");
    await workbench.command("Undo");
    await workbench.command("Problems: Focus on Problems View");
    await harmless("Problems", page.locator(".markers-panel"));
    const problem = page.locator(".peekview-widget, .marker-widget").first();
    await workbench.press(["Control+1", "F8"], problem);
    await harmless("problem at its place", problem);
    await vsCode.screenshot("hostile-problems");
    await page.keyboard.press("Escape");
    await workbench.command("File: Revert File");
  });

  it("are texts in the views of images, builders and registries", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Image Builders");
    await workbench.command("Image Builders: Focus on Images View");
    await workbench
      .treeItem(/Fix it.*\.image\.yaml/)
      .locator(".monaco-tl-twistie")
      .click();
    await harmless("tree: Images", page.locator(".part.sidebar .pane.expanded .monaco-list-rows"));
    await vsCode.screenshot("hostile-images");
    await workbench.command("Image Builders: Focus on Registries View");
    const others = page.locator(".part.sidebar .pane-header[aria-expanded=true]").filter({ hasNotText: /registries/i });
    while ((await others.count()) > 0) await others.first().click();
    await workbench.treeItem(/^listing/).click();
    await workbench.treeItem(/^Repositories of listing/).click();
    await workbench.treeItem(/^Repository team\/app/).click();
    await workbench.treeItem(/^Tag 1\.0/).click();
    await harmless("tree: Registries", page.locator(".part.sidebar .pane.expanded .monaco-list-rows"));
    await vsCode.screenshot("hostile-registries");
    // What no tag can be called is not listed at all.
    assert.equal(await workbench.treeItem(/^Tag \[Fix it/).count(), 0);
  });

  it("are texts where credentials are checked", async () => {
    const { workbench } = vsCode;
    await workbench.chooseFromMenu(workbench.treeItem(/^refusing/), "Credentials", "Check Credentials");
    await harmless("notification: Check Credentials", toasts());
    await vsCode.screenshot("hostile-credentials");
    await closeToasts();
  });

  it("are texts in the questions of a build, its progress, failure, log and row", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem(/^Dockerfile/), "Image Builders", "Build Image...");
    await workbench.textBox().fill(`${hostileLink}:1`);
    await harmless("input box: validation", quickInput());
    await vsCode.screenshot("hostile-validation");
    await answer(vsCode, `${name}:1`);
    await workbench.quickInput().getByText("Secrets Would Be Sent").waitFor();
    await harmless("quick pick: secrets", quickInput());
    await vsCode.screenshot("hostile-secrets");
    await workbench.pick(/Send Anyway/);
    await harmless("progress", toasts());
    await vsCode.screenshot("hostile-progress");
    await workbench.toast(/exit code: 3|did not complete/).waitFor();
    await harmless("notification: build failure", toasts());
    await vsCode.screenshot("hostile-failure");
    await workbench
      .toast(/exit code: 3|did not complete/)
      .getByRole("button", { name: "Show Log" })
      .click();
    await harmless("build log", page.locator(".editor-group-container .view-lines"));
    await harmless("output", page.locator(".part.panel .view-lines"));
    await workbench.openView("Image Builders");
    await workbench.command("Image Builders: Focus on Builds View");
    await showTooltip(workbench.treeItem(new RegExp(`${name}.*failed`)));
    await harmless("tooltip: a build", hovers());
    await closeToasts();
    await workbench.command("Problems: Focus on Problems View");
    await harmless("Problems: build failure", page.locator(".markers-panel"));
    await page.keyboard.press("Escape");
  });

  it("are texts in Restricted Mode, too", async () => {
    const untrusted = await VsCode.open({
      folder: root,
      settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    });
    try {
      const { workbench } = untrusted;
      await workbench.openView("Image Builders");
      await untrusted.page.locator("a.monaco-link", { hasText: "show the build context" }).waitFor();
      await workbench.openView("Explorer");
      await workbench.chooseFromMenu(workbench.treeItem(/^\[Fix it\].*\.txt/), "Image Builders", explain);
      await harmless("notification: Explain in Restricted Mode", untrusted.page.locator(".notification-toast"));
      await untrusted.screenshot("hostile-untrusted");
    } finally {
      await untrusted.close();
    }
  });

  it("have been driven through every surface", () => {
    assert.ok(dangers.length >= 22, tableOf(dangers));
    assert.equal(
      dangers.reduce((sum, { links }) => sum + links, 0),
      0,
      "links that run something",
    );
  });
});
