import assert from "node:assert/strict";
import { authRegistry, login, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("from a right-click to a digest", function () {
  this.timeout(300_000);
  // Each step begins where the one before ended.
  this.bail(true);
  const name = uniqueName("hello");
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "hello/Dockerfile":
        `FROM busybox:1.35 AS base\nARG GREETING=hello\nRUN echo ${name} > /sign\nFROM base AS slow\n` +
        'RUN for i in $(seq 15); do echo "compiling part $i"; sleep 1; done\nCOPY hello.txt /\n',
      "hello/hello.txt": "hello\n",
      "hello/broken.Dockerfile": "FROM busybox:1.35\nCOPY hello.txt /\n\nRUN make all \\\n    && make install\n",
      "README.md": "# A workspace\n",
    });
    vsCode = await VsCode.open({ folder: root });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("shows the daemon and says how to begin", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^local, docker \d+/).waitFor();
    await vsCode.page.locator("a.monaco-link", { hasText: "Add a registry" }).waitFor();
    await vsCode.screenshot("empty-views", ...bothThemes);
  });

  it("adds a registry, and says what is wrong with an address", async () => {
    const { workbench, page } = vsCode;
    await page.locator("a.monaco-link", { hasText: "Add a registry" }).click();
    await workbench.pick("Any registry");
    await workbench.textBox().fill("not a registry");
    await workbench.quickInput().getByText("Enter the registry's host").waitFor();
    await answer(vsCode, plainRegistry());
    await until(
      async () => (await workbench.quickInputBox().inputValue()) === plainRegistry(),
      "the name that is proposed has the port",
    );
    await answer(vsCode, "local registry");
    await workbench.pick("Workspace Settings");
    await answer(vsCode, "");
    await workbench.treeItem(/^local registry, .*no credentials/).waitFor();
  });

  it("offers builds on a folder and on a Dockerfile", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.treeItem("README.md").click({ button: "right" });
    await workbench
      .menuItem(/Copy Path/)
      .first()
      .waitFor();
    assert.equal(await workbench.menuItem("Image Builders").count(), 0, "a file that is no Dockerfile has no build");
    await page.keyboard.press("Escape");
    await workbench.openSubmenu(workbench.treeItem("hello"), "Image Builders");
    await workbench.menuItem("Build and Push Image...").waitFor();
    await vsCode.screenshot("context-menu");
    await workbench.menuItem("Build and Push Image...").click();
  });

  it("asks for the Dockerfile, then for a name that it checks while it is typed", async () => {
    const { workbench } = vsCode;
    await workbench.quickPick("broken.Dockerfile").waitFor();
    await workbench.pick(/^Dockerfile/);
    await workbench.quickInput().getByText(`Builds and pushes ${plainRegistry()}/hello:latest`).waitFor();
    await workbench.quickInputBox().fill("Hello:1");
    await workbench.quickInput().getByText('The repository must be lowercase. Use "hello".').waitFor();
    await vsCode.screenshot("image-name");
    await workbench.quickInputBox().fill(name);
    await workbench.quickInput().getByText(`Builds and pushes ${plainRegistry()}/${name}:latest`).waitFor();
  });

  it("shows the running step, streams the log, and keeps the focus where it was", async () => {
    const { workbench, page } = vsCode;
    await page.keyboard.press("Enter");
    await workbench.toast(/RUN for i in/).waitFor();
    await page
      .locator(".part.panel .view-lines")
      .filter({ hasText: /compiling.part.3/ })
      .waitFor();
    await workbench.openView("Image Builders");
    await workbench.treeItem(new RegExp(`${name}:latest, .*RUN for`)).waitFor();
    assert.equal(await page.locator(".part.panel :focus").count(), 0, "the log must not take the focus");
    await vsCode.screenshot("running");
  });

  it("ends with the digest that the registry has", async () => {
    const { workbench, page } = vsCode;
    // VS Code hides a notification after a while, but not from under the mouse.
    await workbench.toast(/Pushed .*sha256:/).hover();
    await vsCode.screenshot("success");
    await workbench
      .toast(/Pushed/)
      .getByRole("button", { name: "Copy Digest Reference" })
      .click();
    const digest = await registryDigest(`${plainRegistry()}/${name}:latest`);
    assert.ok(digest);
    const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
    await until(
      async () => (await copied()) === `${plainRegistry()}/${name}@${digest}`,
      "the digest is in the clipboard",
    );
    assert.match(
      await vsCode.output(),
      new RegExp(`^Done in .*\\ndigest      ${plainRegistry()}/${name}@${digest}$`, "m"),
      "the build's log ends with the digest",
    );
    await workbench.command("View: Toggle Maximized Panel");
    await vsCode.screenshot("output");
    await workbench.command("View: Toggle Maximized Panel");
  });

  it("remembers the answers, and builds again without a question", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Rebuild");
    await workbench.toast(/Pushed .*sha256:/).waitFor();
    await closeToasts();
    await workbench.openView("Explorer");
    await choose("hello", "Build and Push Image...");
    await workbench.pick(/Dockerfile.*last built/);
    await until(
      async () => (await workbench.quickInputBox().inputValue()) === name,
      "the name of last time is proposed",
    );
  });

  it("offers the stages and arguments of the Dockerfile behind a button, and a way back", async () => {
    const { workbench, page } = vsCode;
    await workbench.answering(() => workbench.quickInput().getByRole("button", { name: "More Options..." }).click());
    await workbench.pick("Target Stage");
    await workbench.pick(/^base/);
    await workbench.pick("Build Arguments");
    await workbench.pick(/GREETING.*default: hello/);
    await answer(vsCode, "good day");
    await workbench.quickPick(/GREETING.*= good day/).waitFor();
    await back();
    await workbench.quickPick(/Target Stage.*base/).waitFor();
    await workbench.pick("Named Build Contexts");
    await workbench.pick("Another...");
    await workbench.textBox().fill("Shared");
    await workbench.quickInputMessage().filter({ hasText: "Use the form of an image name" }).waitFor();
    await answer(vsCode, "shared");
    await workbench.textBox().fill("../nowhere");
    await workbench.quickInputMessage().filter({ hasText: "Can't find the folder" }).waitFor();
    await answer(vsCode, "../hello");
    await workbench.quickPick(/shared.*\.\.\/hello/).waitFor();
    await vsCode.screenshot("build-contexts");
    await back();
    await workbench.quickPick(/Named Build Contexts.*shared=\.\.\/hello/).waitFor();
    await workbench.pick(/^Platform/);
    await workbench.pick("Other or Multiple Platforms...");
    await workbench.textBox().fill("linux/amd64, arm64");
    await workbench.quickInputMessage().filter({ hasText: "Enter each platform as os/architecture" }).waitFor();
    await vsCode.screenshot("platforms");
    await answer(vsCode, "linux/amd64, linux/arm64");
    await workbench.quickPick(/Platform.*linux\/amd64,linux\/arm64/).waitFor();
    await vsCode.screenshot("more-options");
    await back();
    await workbench
      .quickInput()
      .getByText("with target base, linux/amd64,linux/arm64, GREETING, contexts shared")
      .waitFor();
    await page.keyboard.press("Escape");
    await workbench.quickInput().waitFor({ state: "hidden" });
  });

  it("marks the line at which a build failed, and leads there", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    if (!(await workbench.treeItem("broken.Dockerfile").isVisible())) await workbench.treeItem("hello").click();
    await choose("broken.Dockerfile", "Build Image...");
    await answer(vsCode, "broken:1");
    const toast = workbench.toast(/The build failed at .*RUN make all.*line 4/);
    await toast.waitFor();
    await toast.getByRole("button", { name: "Open Dockerfile" }).click();
    await page.locator(".editor-group-container .squiggly-error").first().waitFor();
    await page.getByText(/Ln 4, Col 1/).waitFor();
    await workbench.openView("Image Builders");
    await workbench.treeItem(/broken:1, failed/).waitFor();
    await vsCode.screenshot("failed-build", ...bothThemes);
    await closeToasts();
  });

  it("cancels from the notification, and says so only in the log", async () => {
    const { workbench } = vsCode;
    writeFiles(root, { "slow/Dockerfile": `FROM busybox:1.35\nRUN echo ${uniqueName()} && sleep 600\n` });
    await workbench.openView("Explorer");
    await choose("slow", "Build Image...");
    await answer(vsCode, "slow:1");
    await workbench.toast(/sleep 600/).waitFor();
    await workbench
      .toast(/sleep 600/)
      .getByRole("button", { name: "Cancel" })
      .click();
    await until(async () => (await vsCode.output()).includes("Build canceled."), "the log says so");
    await workbench.openView("Image Builders");
    await workbench.treeItem(/slow:1, canceled/).waitFor();
    // VS Code keeps a progress for a moment after its end.
    await workbench.toast(/Building/).waitFor({ state: "hidden" });
    assert.equal(await workbench.toast(/./).count(), 0);
  });

  it("keeps a registry's password, pushes with it, and shows where it is from", async () => {
    const { workbench } = vsCode;
    const { username, password } = login();
    await workbench.command("Image Builders: Add Registry...");
    await workbench.pick("Any registry");
    await answer(vsCode, authRegistry());
    await answer(vsCode, "guarded");
    await workbench.pick("User Settings");
    await answer(vsCode, username);
    await answer(vsCode, password);
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^guarded, .*the stored password "guarded"/).waitFor();
    await workbench.treeItem(/^guarded/).hover();
    await workbench
      .treeItem(/^guarded/)
      .getByRole("button", { name: /Build and Push Image/ })
      .click();
    await workbench.quickPick(/slow/).waitFor();
    await workbench.pick(/^Dockerfile.*hello/);
    await answer(vsCode, `${name}:guarded`);
    await workbench.toast(/Pushed .*:guarded .*sha256:/).waitFor();
    assert.match((await registryDigest(`${authRegistry()}/${name}:guarded`, login())) ?? "", /^sha256:/);
    const output = await vsCode.output();
    assert.match(output, /with credentials from the stored password "guarded"/);
    await vsCode.screenshot("tree");
    await closeToasts();
  });

  it("is offered at the top of a Dockerfile, and in the title of its editor", async () => {
    const { page } = vsCode;
    await page.getByRole("tab", { name: /broken\.Dockerfile/ }).waitFor();
    await page.locator(".codelens-decoration").getByText("Build and Push", { exact: true }).waitFor();
    await page
      .locator(".editor-actions")
      .getByRole("button", { name: /Build and Push Image/ })
      .waitFor();
    await vsCode.screenshot("dockerfile-editor", ...bothThemes);
  });

  it("removes a registry once that is confirmed", async () => {
    const { workbench } = vsCode;
    await workbench.choose(workbench.treeItem(/^guarded/), "Delete...");
    await workbench.dialog('Delete the registry "guarded"?').getByRole("button", { name: "Delete" }).click();
    await workbench.treeItem(/^guarded/).waitFor({ state: "hidden" });
    await workbench.treeItem(/^local registry/).waitFor();
  });

  async function choose(row: string, build: string): Promise<void> {
    await vsCode.workbench.chooseFromMenu(vsCode.workbench.treeItem(row), "Image Builders", build);
  }

  async function back(): Promise<void> {
    const { workbench } = vsCode;
    await workbench.answering(() => workbench.quickInput().getByRole("button", { name: "Back" }).click());
  }

  async function closeToasts(): Promise<void> {
    await vsCode.workbench.command("Notifications: Clear All Notifications");
    await vsCode.workbench.toast(/./).waitFor({ state: "hidden" });
  }
});
