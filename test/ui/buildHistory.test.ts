import assert from "node:assert/strict";
import { authRegistry, login, plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("the builds of a workspace", function () {
  this.timeout(300_000);
  // Each step begins where the one before ended.
  this.bail(true);
  const name = uniqueName("kept");
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "web/Dockerfile": `FROM busybox:1.35\nRUN echo first ${name}\nCOPY page.html /\n`,
      "web/page.html": "one\n",
      "broken/Dockerfile": "FROM busybox:1.35\nRUN echo before && exit 3\n",
      "slow/Dockerfile":
        `FROM busybox:1.35\nRUN echo ${name} && ` + 'for i in $(seq 600); do echo "part $i"; sleep 1; done\n',
      ".vscode/settings.json": JSON.stringify({
        "imageBuilders.registries": [
          { name: "plain", flavor: "default", configuration: { uri: plainRegistry() } },
          { name: "guarded", flavor: "default", configuration: { uri: authRegistry() } },
        ],
      }),
    });
    vsCode = await VsCode.open({
      folder: root,
      viewport: { width: 1400, height: 900 },
      settings: { "imageBuilders.statusBar": "always" },
    });
  });
  after(async () => {
    await vsCode?.close();
    removeTemporaryFolders();
  });

  async function build(folder: string, command: string, ...answers: readonly (string | RegExp)[]): Promise<void> {
    const { workbench } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem(folder), "Image Builders", command);
    for (const each of answers) {
      if (each instanceof RegExp) await workbench.pick(each);
      else await answer(vsCode, each);
    }
  }

  /** What the active editor shows, as far as it is in sight. */
  async function shown(): Promise<string> {
    return (await vsCode.page.locator(".editor-group-container .view-lines").allInnerTexts())
      .join("\n")
      .replaceAll("\u00a0", " ");
  }

  it("have rows with state, age, size, digest, and builder", async () => {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    await vsCode.page.locator(".statusbar-item").getByRole("button", { name: "local", exact: true }).waitFor();
    await build("web", "Build and Push Image...", /^plain/, `${name}:1`);
    await workbench.toast(/Pushed .*sha256:/).waitFor();
    await build("broken", "Build Image...", `${name}:broken`);
    await workbench.toast(/The build failed at/).waitFor();
    await workbench.openView("Image Builders");
    await workbench
      .treeItem(
        new RegExp(`${name}:1, pushed in [\\d.]+s, (?:now|1 minute ago), [\\d.]+ MB, sha256:[0-9a-f]{12}, local`),
      )
      .waitFor();
    await workbench.treeItem(new RegExp(`${name}:broken, failed .*exit 3.*, (?:now|1 minute ago), local`)).waitFor();
  });

  it("each open their own log", async () => {
    const { workbench } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.treeItem(new RegExp(`${name}:1,`)).click();
    await until(
      async () => (await shown()).includes(`image       ${plainRegistry()}/${name}:1`),
      "the log of the push",
    );
    await workbench.treeItem(new RegExp(`${name}:broken,`)).click();
    await until(async () => (await shown()).includes("ERROR: The build failed"), "the log of the failed build");
    assert.ok(!(await shown()).includes(plainRegistry()));
  });

  it("have a log that grows while they run", async () => {
    const { workbench } = vsCode;
    await build("slow", "Build Image...", `${name}:slow`);
    await workbench.openView("Image Builders");
    await workbench.treeItem(new RegExp(`${name}:slow,.*part|${name}:slow,`)).click();
    await until(async () => (await shown()).includes("part 4"), "the editor shows new lines");
    await vsCode.page
      .locator(".statusbar-item")
      .filter({ hasText: `${name}:slow` })
      .waitFor();
    await vsCode.page.locator(".statusbar-item").getByRole("button", { name: "Cancel Build" }).waitFor();
    await vsCode.screenshot("build-log-running", ...bothThemes);
  });

  it("are there again after the window was reloaded, where the one that ran is interrupted", async () => {
    const { workbench } = vsCode;
    await vsCode.show(root);
    await workbench.openView("Image Builders");
    await workbench.treeItem(new RegExp(`${name}:slow, interrupted`)).waitFor();
    await workbench.treeItem(new RegExp(`${name}:1, pushed in .*sha256:`)).waitFor();
    await workbench.treeItem(new RegExp(`${name}:broken, failed .*exit 3`)).waitFor();
    await workbench.treeItem(new RegExp(`${name}:slow,`)).click();
    await until(async () => (await shown()).includes("part 4"), "the log of the interrupted build was kept");
    await vsCode.screenshot("builds-after-reload", ...bothThemes);
  });

  it("are built again with the same answers, and compared", async () => {
    const { workbench } = vsCode;
    writeFiles(root, { "web/page.html": "two\n" });
    // A window that was reloaded knows only later that its workspace is trusted.
    await workbench.treeItem(new RegExp(`${name}:1,`)).hover();
    await workbench
      .treeItem(new RegExp(`${name}:1,`))
      .getByRole("button", { name: "Rebuild" })
      .waitFor();
    await workbench.contextMenu(workbench.treeItem(new RegExp(`${name}:1,`)));
    await vsCode.screenshot("build-menu");
    await workbench.menuItem("Rebuild").click();
    await workbench.toast(/Pushed .*sha256:/).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await until(
      async () => (await workbench.page.getByRole("treeitem", { name: new RegExp(`${name}:1, pushed`) }).count()) === 2,
      "there are two builds of the image",
    );
    await workbench.choose(workbench.treeItem(new RegExp(`${name}:1, pushed`)), "Compare With...");
    await workbench.pick(new RegExp(`${name}:1`));
    await workbench.pick("Results and Options");
    await vsCode.page
      .locator(".monaco-diff-editor .editor.modified")
      .getByText(/sha256:/)
      .first()
      .waitFor();
    await vsCode.screenshot("compared-builds", ...bothThemes);
  });

  it("are pushed again where only the push failed", async () => {
    const { workbench } = vsCode;
    await build("web", "Build and Push Image...", /^guarded/, `${name}:guarded`);
    await workbench.toast(/Push Again/).waitFor();
    await workbench.openView("Image Builders");
    await workbench.treeItem(new RegExp(`${name}:guarded, failed`)).waitFor();
    const { username, password } = login();
    await workbench.command("Image Builders: Sign In...");
    await workbench.pick("guarded");
    for (const text of [username, password]) await answer(vsCode, text);
    await workbench.treeItem(/^guarded, .*the stored password "guarded"/).waitFor();
    await workbench.treeItem(new RegExp(`${name}:guarded, failed`)).hover();
    await workbench
      .treeItem(new RegExp(`${name}:guarded, failed`))
      .getByRole("button", { name: "Push Again" })
      .click();
    await workbench.toast(/Pushed .*:guarded .*sha256:/).waitFor();
    await workbench.treeItem(new RegExp(`${name}:guarded, pushed in`)).waitFor();
  });

  it("are deleted alone or together, and stay deleted", async () => {
    const { workbench } = vsCode;
    await workbench.choose(workbench.treeItem(new RegExp(`${name}:broken,`)), "Delete");
    await workbench.treeItem(new RegExp(`${name}:broken,`)).waitFor({ state: "detached" });
    await vsCode.show(root);
    await workbench.openView("Image Builders");
    await workbench.treeItem(new RegExp(`${name}:1, pushed`)).waitFor();
    assert.equal(await workbench.treeItem(new RegExp(`${name}:broken,`)).count(), 0);
    await workbench.viewMenu("Builds", "Clear Finished Builds");
    await workbench.treeItem(new RegExp(`${name}:1, pushed`)).waitFor({ state: "detached" });
    await vsCode.page.getByText("No builds in this workspace yet.").waitFor();
  });
});
