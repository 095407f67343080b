import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { given, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode, type VsCodeOptions } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";
import { hello } from "./windowSupport";

describe("the first steps", function () {
  this.timeout(600_000);
  let vsCode: VsCode | undefined;

  const open = async (options: VsCodeOptions): Promise<VsCode> => (vsCode = await VsCode.open(options));
  afterEach(async () => {
    await vsCode?.close();
    vsCode = undefined;
  });
  after(removeTemporaryFolders);

  /** The text of the empty Builds view, once it says something. */
  async function saying(window: VsCode, text: string): Promise<Locator> {
    await window.workbench.showContainer("Image Builders");
    await window.page.locator(".part.sidebar").getByText(text).waitFor();
    return window.page.locator(".part.sidebar");
  }

  async function buttonsIn(sidebar: Locator): Promise<string[]> {
    return sidebar.locator(".welcome-view-content .monaco-button:visible").allInnerTexts();
  }

  it("without a folder open one", async () => {
    const window = await open({ viewport: { width: 1024, height: 768 } });
    const sidebar = await saying(window, "Open a folder to build an image from it");
    assert.deepEqual(await buttonsIn(sidebar), ["Open Folder"]);
    await window.screenshot("first-empty", ...bothThemes);
    await sidebar.getByRole("button", { name: "Open Folder" }).click();
    await window.workbench.quickInput().getByText("Open Folder").first().waitFor();
    await window.page.keyboard.press("Escape");
    await window.workbench.command("Image Builders: Generate .dockerignore");
    await window.workbench
      .toast("Open a folder to generate an ignore file.")
      .getByRole("button", { name: "Open Folder..." })
      .click();
    await window.workbench.quickInput().getByText("Open Folder").first().waitFor();
  });

  it("without a Dockerfile create one, and build once there is one", async () => {
    const window = await open({
      folder: temporaryFolder({ "index.html": "<p>hello" }),
      viewport: { width: 1024, height: 768 },
    });
    const sidebar = await saying(window, "There is no Dockerfile in this workspace yet");
    assert.deepEqual(await buttonsIn(sidebar), ["Create Dockerfile"]);
    await window.screenshot("first-no-dockerfile", ...bothThemes);
    await sidebar.locator("a.monaco-link", { hasText: "new image spec" }).click();
    await window.workbench.quickPick("Debian and the folder's files").waitFor();
    await window.page.keyboard.press("Escape");
    await sidebar.getByRole("button", { name: "Create Dockerfile" }).click();
    await window.workbench.pick("Static site");
    await sidebar.getByRole("button", { name: "Build Image" }).waitFor();
    assert.deepEqual(await buttonsIn(sidebar), ["Build Image"]);
  });

  it("without a daemon get or reach one, and build once it answers", async () => {
    const socket = join(temporaryFolder(), "docker.sock");
    const window = await open({
      folder: temporaryFolder(hello),
      env: { DOCKER_HOST: `unix://${socket}` },
      viewport: { width: 1024, height: 768 },
    });
    const sidebar = await saying(window, "The Docker daemon can't be reached");
    assert.deepEqual(await buttonsIn(sidebar), []);
    await sidebar.locator("a.monaco-link", { hasText: "Install or start Docker" }).waitFor();
    await window.screenshot("first-no-daemon", ...bothThemes);
    await sidebar.locator("a.monaco-link", { hasText: "use another builder" }).click();
    await window.workbench.quickPick("BuildKit").waitFor();
    await window.page.keyboard.press("Escape");
    await sidebar.locator("a.monaco-link", { hasText: "Builders view" }).click();
    await window.workbench.treeItem(/^local, .*needs attention/).waitFor();
    await sidebar.locator("a.monaco-link", { hasText: "set the Docker host" }).click();
    // A window of a server shows settings of the machine in a tab of their own.
    await window.page.locator(".settings-editor").getByText("imageBuilders.dockerHost").first().waitFor();
    await window.workbench.press("Escape", window.page.locator(".settings-editor"), "hidden");
    symlinkSync(given("DOCKER_HOST").replace(/^unix:\/\//, ""), socket);
    await sidebar.locator("a.monaco-link", { hasText: "retry" }).click();
    await sidebar.getByRole("button", { name: "Build Image" }).waitFor();
    assert.deepEqual(await buttonsIn(sidebar), ["Build Image"]);
  });

  it("are a walkthrough that notes each one as it is done, up to the digest", async () => {
    const name = uniqueName("first");
    const window = await open({
      folder: temporaryFolder({ ...hello, ".git/HEAD": "ref: refs/heads/main\n", "debug.log": "log\n" }),
      viewport: { width: 1600, height: 900 },
    });
    const { workbench, page } = window;
    const sidebar = await saying(window, "No builds in this workspace yet");
    const open_ = sidebar.locator('.pane-header[aria-expanded="true"]');
    assert.deepEqual(
      (await open_.allInnerTexts()).map((text) => text.trim()),
      ["Builds", "Registries"],
    );
    assert.deepEqual(await buttonsIn(sidebar), ["Build Image"]);
    await sidebar.locator("a.monaco-link", { hasText: "how to get started" }).click();
    const steps = page.locator(".getting-started-step");
    const isDone = (step: number): Locator => steps.nth(step).locator(".codicon-getting-started-step-checked.complete");
    const show = async (step: number): Promise<Locator> => {
      if (!(await steps.nth(step).locator(".button-container").first().isVisible())) await steps.nth(step).click();
      return steps.nth(step);
    };
    await steps.nth(4).waitFor();
    assert.equal(await steps.count(), 5);
    assert.equal(await steps.locator(".complete").count(), 0, "nothing is done yet");
    await window.screenshot("walkthrough", ...bothThemes);

    await (await show(0)).getByRole("button", { name: "Show Build Context" }).click();
    await workbench.pick(/./);
    await isDone(0).waitFor();

    await (await show(1)).getByRole("button", { name: "Generate .dockerignore" }).click();
    await workbench.pick("Include only files that the Dockerfile copies");
    // The file takes the place of the walkthrough, which is only previewed.
    await page.locator(".tab").filter({ hasText: ".dockerignore" }).waitFor();
    await sidebar.locator("a.monaco-link", { hasText: "how to get started" }).click();
    await isDone(1).waitFor();

    await (await show(2)).getByRole("button", { name: "Add Registry" }).click();
    await workbench.pick("Any registry");
    await answer(window, plainRegistry());
    await answer(window, "own");
    await workbench.pick("User Settings");
    await answer(window, "");
    await isDone(2).waitFor();

    await (await show(3)).getByRole("button", { name: "Build and Push Image" }).click();
    await answer(window, name);
    await workbench.toast(/Pushed .*sha256:/).hover();
    await isDone(3).waitFor();

    await (await show(4)).getByRole("button", { name: "Copy Digest Reference" }).click();
    await isDone(4).waitFor();
    const reference = `${plainRegistry()}/${name}@${await registryDigest(`${plainRegistry()}/${name}:latest`)}`;
    await until(
      async () => (await page.evaluate<string>("navigator.clipboard.readText()")) === reference,
      "the digest is in the clipboard",
    );
    await window.screenshot("walkthrough-done", ...bothThemes);
  });
});
