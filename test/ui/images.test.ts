import assert from "node:assert/strict";
import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";

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
    const root = temporaryFolder(
      Object.fromEntries(Object.entries(project).map(([path, text]) => [`${name}/${path}`, text])),
    );
    folder = join(root, name);
    const registries = [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];
    vsCode = await VsCode.open({
      folder,
      settings: { "imageBuilders.registries": registries },
      viewport: { width: 1500, height: 950 },
    });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  /** The spec as it was saved. */
  function text(): string {
    return readFileSync(join(folder, `${name}.image.yaml`), "utf8");
  }
  function lineOf(words: string): number {
    return (
      text()
        .split("\n")
        .findIndex((line) => line.includes(words)) + 1
    );
  }
  function preview(): Locator {
    return vsCode.page.locator(".editor-instance").last().locator(".view-lines");
  }

  it("begins as a spec that fits the folder", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: New Image Spec");
    await workbench.quickPick(/Image built from the Dockerfile.*Dockerfile/s).waitFor();
    await vsCode.screenshot("new-image-spec");
    await workbench.pick("Debian and the folder's files");
    await page.getByRole("tab", { name: new RegExp(`${name}\\.image\\.yaml`) }).waitFor();
    await page.locator(".view-lines").getByText("codeBundle").first().waitFor();
  });

  it("shows its Dockerfile beside it while it is edited", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Preview Dockerfile");
    await preview().getByText("FROM debian:bookworm-slim").waitFor();
    await workbench.goTo(lineOf("base:"), "  base: ".length + 1);
    await page.keyboard.press("Shift+End");
    await page.keyboard.type("busybox:1.35");
    await preview().getByText("FROM busybox:1.35").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+s");
    await until(() => text().includes("busybox"), "it is saved");
    await vsCode.screenshot("image-spec-preview");
  });

  it("tells what is wrong at its place, and fixes it", async () => {
    const { workbench, page } = vsCode;
    const line = lineOf("workdir:");
    await workbench.goTo(line, "  - workdir: /app".length + 1);
    await page.keyboard.press("Enter");
    await page.keyboard.type("- envVras: { GREETING: hello }");
    await page.keyboard.press("Escape");
    await preview()
      .getByText(`# ${name}.image.yaml, line ${line + 1}:`)
      .waitFor();
    await page.locator(".squiggly-error").first().waitFor();
    await workbench.goTo(line + 1, "  - env".length);
    const fix = page.locator(".action-widget:visible").getByText('"envVars"');
    await workbench.press("Control+.", fix);
    await vsCode.screenshot("image-spec-fix");
    await fix.click();
    await preview().getByText("ENV GREETING=").waitFor();
    await page.keyboard.press("Control+s");
    await until(() => text().includes("  - envVars: { GREETING: hello }\n"), "it is saved");
  });

  it("is listed with its address, its platforms and its layers", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    const row = workbench.treeItem(new RegExp(`^${name}\\.image\\.yaml, not built yet`));
    await row.waitFor();
    // The views share the sidebar's height, and a tree only has the rows that fit.
    for (const title of ["Builds", "Build Context"])
      await vsCode.page.getByRole("button", { name: `${title} Section` }).click();
    await row.locator(".monaco-tl-twistie").click();
    for (const words of [
      `URI ${plainRegistry()}/${name}:[0-9a-f]{64}`,
      "Registry local",
      "Platforms linux/",
      "workdir /app",
      "envVars GREETING: hello",
      "codeBundle copyStyle: all",
    ]) {
      await workbench.treeItem(new RegExp(`^${words}`)).waitFor();
    }
    await vsCode.screenshot("images-view", ...bothThemes);
  });

  it("is built and pushed, with the digest that the registry tells", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Build with Image Spec and Push");
    const toast = workbench.toast(/Pushed .* in .*: sha256:[0-9a-f]{64}/);
    await toast.waitFor();
    const [, imageName = "", told = ""] =
      /Pushed (\S+) in .*: (sha256:[0-9a-f]{64})/.exec(await toast.innerText()) ?? [];
    digest = told;
    assert.equal(digest, await registryDigest(imageName));
    await workbench.treeItem(new RegExp(`^${name}\\.image\\.yaml, exists`)).waitFor();
    await vsCode.screenshot("image-spec-built");
  });

  it("is not built again unless something changes", async () => {
    const { workbench, page } = vsCode;
    await page.keyboard.press("Escape");
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("Image Builders: Build with Image Spec and Push");
    const toast = workbench.toast(/already exists, so it was not built/);
    await toast.waitFor();
    assert.ok((await toast.innerText()).includes(digest));
    await toast.getByRole("button", { name: "Build Anyway" }).waitFor();
    await vsCode.screenshot("image-spec-exists");
  });

  it("is checked for what it holds, on request", async () => {
    const { workbench } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("Image Builders: Check Packages and Size");
    await workbench.toast("Packages of the image: none declared.").waitFor();
    const size = workbench.treeItem(/^Size .*B in \d+ layers/);
    await size.locator(".monaco-tl-twistie").click();
    await workbench.treeItem(/^\d.*B /).waitFor();
    await vsCode.screenshot("image-checked", ...bothThemes);
  });

  it("keeps what a person wrote in its file", () => {
    assert.match(text(), /^# The base and the layers of this image.*\nfrom:\n {2}base: busybox:1\.35\n/s);
  });

  it("is given up from the notification while large files are read", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    writeFiles(folder, {
      weights: "",
      "large.image.yaml": "from:\n  base: busybox:1.35\nclone:\n  name: large\nlayers:\n  - sourceFile: weights\n",
    });
    truncateSync(join(folder, "weights"), 2 ** 40);
    await workbench.openView("Explorer");
    await workbench.treeItem("large.image.yaml").click();
    await page.getByRole("tab", { name: /large\.image\.yaml/ }).waitFor();
    await workbench.command("Image Builders: Build with Image Spec");
    const toast = workbench.toast("Reading large.image.yaml and the files it uses");
    await toast.waitFor();
    await vsCode.screenshot("image-spec-reading");
    await toast.getByRole("button", { name: "Cancel" }).click();
    await toast.waitFor({ state: "hidden" });
    assert.equal(await workbench.toast(/./).count(), 0);
  });
});
