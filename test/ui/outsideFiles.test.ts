import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";

/** A folder beside a workspace, and a workspace whose spec takes files from there. */
const filesOf = (name: string): Record<string, string> => ({
  "project/app.image.yaml":
    `from:\n  base: busybox:1.35\nclone:\n  name: ${name}\n  platform: ${platform}\nlayers:\n` +
    "  - sourceFolder: { src: ../shared, dst: /shared }\n  - sourceFile: ../notes.txt\n",
  "shared/a.txt": "shared",
  "notes.txt": "notes",
});
const registries = () => [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

describe("files outside the workspace that an image spec uses, in a window,", function () {
  this.timeout(300_000);
  this.bail(true);
  const name = uniqueName("outside");
  let vsCode: VsCode;

  before(async () => {
    const parent = temporaryFolder(filesOf(name));
    vsCode = await VsCode.open({
      folder: `${parent}/project`,
      settings: { "imageBuilders.registries": registries() },
      viewport: { width: 1280, height: 1000 },
    });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  const row = (words: string): Locator => vsCode.workbench.treeItem(new RegExp(`^app\\.image\\.yaml, ${words}`));
  const dialog = (): Locator => vsCode.workbench.dialog(/Use files outside the workspace for this image\?/);
  const start = async (): Promise<void> => {
    const spec = vsCode.workbench.treeItem(/^app\.image\.yaml/);
    await spec.hover();
    await spec.getByRole("button", { name: "Build with Image Spec and Push" }).click();
  };

  it("are shown as not allowed, without a question", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await row("outside files · not allowed yet").waitFor();
    for (const title of ["Builds", "Build Context"])
      await vsCode.page.getByRole("button", { name: `${title} Section` }).click();
    await workbench.treeItem("Review and allow app.image.yaml").waitFor();
    await vsCode.screenshot("outside-files-not-allowed", ...bothThemes);
  });

  it("are not used after a person denies it", async () => {
    const { workbench, page } = vsCode;
    await workbench.treeItem("Review and allow app.image.yaml").click();
    await dialog()
      .getByText(/What: .*\/notes\.txt/)
      .waitFor();
    await vsCode.screenshot("outside-files-question", ...bothThemes);
    // Whoever types on while the question comes up has not agreed to anything.
    await page.keyboard.press("Enter");
    await dialog().waitFor({ state: "hidden" });
    await row("outside files").waitFor();
    await row("outside files").click();
    await page.getByRole("tab", { name: /app\.image\.yaml/ }).waitFor();
    await start();
    await dialog().getByRole("button", { name: "Deny" }).click();
    await workbench.toast(/Sending the files at .* was not allowed\. Review and allow it/).waitFor();
    await vsCode.screenshot("outside-files-denied");
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("are built once they are allowed, and not asked about again until that is revoked", async () => {
    const { workbench, page } = vsCode;
    await start();
    await dialog().getByRole("button", { name: "Allow" }).click();
    await workbench.toast(/Pushed .* in .*: sha256:[0-9a-f]{64}/).waitFor();
    await vsCode.screenshot("outside-files-built", ...bothThemes);
    await workbench.command("Notifications: Clear All Notifications");
    await row("exists").waitFor();
    await start();
    await workbench.toast(/already exists/).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("Image Builders: Manage Trusted Sources...");
    await workbench
      .quickPick(/files outside the workspace: .*notes\.txt.*image "outside.*" in app\.image\.yaml/s)
      .waitFor();
    await vsCode.screenshot("outside-files-trusted");
    await workbench.pick(/files outside the workspace/);
    await page.keyboard.press("Escape");
    await row("outside files").waitFor();
    await start();
    await dialog().getByRole("button", { name: "Deny" }).click();
    await workbench.toast(/was not allowed/).waitFor();
  });
});

describe("files outside a workspace that is not trusted", function () {
  this.timeout(300_000);
  let vsCode: VsCode;

  before(async () => {
    const parent = temporaryFolder(filesOf(uniqueName("outside")));
    vsCode = await VsCode.open({
      folder: `${parent}/project`,
      settings: {
        "imageBuilders.registries": registries(),
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
      },
    });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  const row = (words: string): Locator => vsCode.workbench.treeItem(new RegExp(`^app\\.image\\.yaml, ${words}`));
  const trust = (): Locator => vsCode.workbench.treeItem("Manage Workspace Trust");
  const previewed = (text: RegExp): Locator => vsCode.page.locator(".view-line").filter({ hasText: text }).first();

  it("are announced as a question that follows trust, in words that a narrow view has room for", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Image Builders");
    await row("outside files · not read in Restricted Mode").waitFor();
    await workbench.treeItem("Then you are asked to allow the files.").waitFor();
    await page.getByText(/Dockerfile or image spec, so it is disabled in Restricted Mode/).waitFor();
    await vsCode.screenshot("outside-files-restricted", ...bothThemes);
    await narrowSideBar(vsCode, 240);
    assert.match(await seenOf(row("outside files").locator(".label-description")), /^outside f/);
    await vsCode.screenshot("outside-files-restricted-narrow", ...bothThemes);
  });

  it("are asked about once the workspace is trusted, which the row and its menu offer", async () => {
    const { workbench, page } = vsCode;
    await workbench.contextMenu(row("outside files"));
    await workbench.menuItem("Manage Workspace Trust").waitFor();
    await page.keyboard.press("Escape");
    await row("outside files").click();
    await page.locator(".codelens-decoration").getByText("Manage Workspace Trust").waitFor();
    await page.locator(".codelens-decoration").getByText("Preview Dockerfile").click();
    await previewed(/app\.image\.yaml:\sNot\sread\sin\sRestricted\sMode/).waitFor();
    await trust().click();
    await page
      .getByRole("button", { name: /^Trust/ })
      .first()
      .click();
    await page.getByText("You trust this folder").first().waitFor();
    await page.getByText("You trust this folder").first().click();
    await page.keyboard.press("Escape");
    await row("outside files · not allowed yet").waitFor();
    await previewed(/app\.image\.yaml:\sNot\sallowed\syet/).waitFor();
    await workbench.contextMenu(row("outside files"));
    await workbench.menuItem("Review and Allow...").waitFor();
    await vsCode.screenshot("outside-files-narrow", ...bothThemes);
    await page.keyboard.press("Escape");
    await workbench.treeItem("Review and allow app.image.yaml").click();
    await workbench
      .dialog(/Use files outside the workspace for this image\?/)
      .getByRole("button", { name: "Allow" })
      .click();
    await row("(?!outside)").waitFor();
    await previewed(/^FROM\s/).waitFor();
    await vsCode.screenshot("outside-files-allowed", ...bothThemes);
    await row("").hover();
    await row("").getByRole("button", { name: "Build with Image Spec and Push" }).click();
    await workbench.toast(/Pushed .* in .*: sha256:[0-9a-f]{64}/).waitFor();
    await vsCode.screenshot("outside-files-built-after-trust", ...bothThemes);
  });
});

/** Drags the edge of the side bar until it has this width, in CSS pixels. */
async function narrowSideBar({ page }: VsCode, width: number): Promise<void> {
  const bar = page.locator(".part.sidebar");
  const box = (await bar.boundingBox()) ?? assert.fail("there is no side bar");
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + width, middle, { steps: 5 });
  await page.mouse.up();
  const { width: now } = (await bar.boundingBox()) ?? { width: 0 };
  assert.ok(Math.abs(now - width) < 10, `${now}`);
}

/** Returns the part of a text that is not cut off. */
async function seenOf(text: Locator): Promise<string> {
  return text.evaluate((element) => {
    const end = element.closest(".monaco-icon-label-container").getBoundingClientRect().right;
    const words = element.firstChild;
    const range = element.ownerDocument.createRange();
    let seen = words.textContent.length;
    for (; seen > 0; seen--) {
      range.setStart(words, 0);
      range.setEnd(words, seen);
      if (range.getBoundingClientRect().right <= end) break;
    }
    return words.textContent.slice(0, seen);
  });
}
