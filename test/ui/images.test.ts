import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { VsCode } from "../support/ui";

/** Files of a project that needs nothing from a network but its base image. */
const project = {
  Dockerfile: "FROM busybox:1.35\n\nWORKDIR /app\nRUN echo ready > /ready\nCOPY main.py /app/\n",
  "main.py": "print('hello')\n",
  ".vscode/settings.json": "{}",
};

describe("an image without a Dockerfile", function () {
  this.timeout(240_000);
  this.bail(true);
  const name = uniqueName("spec");
  let folder: string;
  let vsCode: VsCode;
  let digest: string;

  before(async () => {
    const root = temporaryFolder(Object.fromEntries(Object.entries(project).map(([path, text]) => [`${name}/${path}`, text])));
    folder = join(root, name);
    const registries = [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];
    vsCode = await VsCode.open({ folder, settings: { "imageBuilders.registries": registries }, viewport: { width: 1500, height: 950 } });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("begins as a spec that fits the folder", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: New Image Spec");
    await workbench.quickPick(/The image by its Dockerfile.*Dockerfile/s).waitFor();
    await vsCode.screenshot("new-image-spec");
    await workbench.pick("Debian and the folder's files");
    await page.getByRole("tab", { name: new RegExp(`${name}\\.image\\.yaml`) }).waitFor();
    await page.locator(".view-lines").getByText("codeBundle").first().waitFor();
  });

  it("shows its Dockerfile beside it while it is edited", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Preview Dockerfile");
    const preview = page.locator(".editor-instance").last().locator(".view-lines");
    await preview.getByText("FROM debian:bookworm-slim").waitFor();
    await page.locator(".editor-instance").first().locator(".view-line").filter({ hasText: "base:" }).click();
    await page.keyboard.press("End");
    await page.keyboard.press("Control+Shift+ArrowLeft");
    for (let rest = 20; rest > 0 && !(await page.locator(".editor-instance").first().locator(".view-line").filter({ hasText: /base:\s*$/ }).count()); rest--) await page.keyboard.press("Backspace");
    await page.keyboard.type(" busybox:1.35");
    await preview.getByText("FROM busybox:1.35").waitFor();
    await page.keyboard.press("Control+s");
    await vsCode.screenshot("image-spec-preview");
  });

  it("is listed with its address, its platforms and its layers", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    const row = workbench.treeItem(new RegExp(`^${name}\\.image\\.yaml, not built yet`));
    await row.waitFor();
    await row.click();
    await vsCode.page.keyboard.press("ArrowRight");
    await workbench.treeItem(/^codeBundle copyStyle: all/).waitFor();
    await workbench.treeItem(new RegExp(`^URI ${plainRegistry()}/${name}:[0-9a-f]{64}`)).waitFor();
    await vsCode.screenshot("images-view");
  });

  it("is built and pushed, with the digest that the registry tells", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Build and Push Image Spec");
    const toast = workbench.toast(/Pushed .* in .*: sha256:[0-9a-f]{64}/);
    await toast.waitFor();
    const [, imageName = "", told = ""] = /Pushed (\S+) in .*: (sha256:[0-9a-f]{64})/.exec(await toast.innerText()) ?? [];
    digest = told;
    assert.equal(digest, await registryDigest(imageName));
    await workbench.treeItem(new RegExp(`^${name}\\.image\\.yaml, exists`)).waitFor();
    await vsCode.screenshot("image-spec-built");
  });

  it("is not built again unless something changes", async () => {
    const { workbench, page } = vsCode;
    await page.keyboard.press("Escape");
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("Image Builders: Build and Push Image Spec");
    const toast = workbench.toast(/exists already, so nothing was built/);
    await toast.waitFor();
    assert.ok((await toast.innerText()).includes(digest));
    await toast.getByRole("button", { name: "Build Anyway" }).waitFor();
    await vsCode.screenshot("image-spec-exists");
  });

  it("keeps what a person wrote in its file", () => {
    assert.match(readFileSync(join(folder, `${name}.image.yaml`), "utf8"), /^# What this image is made of.*\nfrom:\n {2}base: +busybox:1\.35\n/s);
  });
});
