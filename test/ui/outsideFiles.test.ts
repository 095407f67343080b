import type { Locator } from "playwright-core";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

describe("files outside the workspace that an image spec uses, in a window,", function () {
  this.timeout(300_000);
  this.bail(true);
  const name = uniqueName("outside");
  let vsCode: VsCode;

  before(async () => {
    const parent = temporaryFolder({
      "project/app.image.yaml":
        `from:\n  base: busybox:1.35\nclone:\n  name: ${name}\n  platform: ${platform}\nlayers:\n` +
        "  - sourceFolder: { src: ../shared, dst: /shared }\n  - sourceFile: ../notes.txt\n",
      "shared/a.txt": "shared",
      "notes.txt": "notes",
    });
    const registries = [{ name: "local", flavor: "default", configuration: { uri: plainRegistry() } }];
    vsCode = await VsCode.open({
      folder: `${parent}/project`,
      settings: { "imageBuilders.registries": registries },
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
    await row("not allowed yet").waitFor();
    for (const title of ["Builds", "Build Context"])
      await vsCode.page.getByRole("button", { name: `${title} Section` }).click();
    await row("not allowed yet").locator(".monaco-tl-twistie").click();
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
    await row("not allowed yet").waitFor();
    await row("not allowed yet").click();
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
    await row("not allowed yet").waitFor();
    await start();
    await dialog().getByRole("button", { name: "Deny" }).click();
    await workbench.toast(/was not allowed/).waitFor();
  });
});
