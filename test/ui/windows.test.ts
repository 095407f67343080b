import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import type { VsCode, VsCodeOptions } from "../support/ui";
import { answer, chooseFolder } from "./answer";
import { allowDaemon, hello, openWindow } from "./windowSupport";

describe("a window", function () {
  this.timeout(300_000);
  let vsCode: VsCode | undefined;

  const open = async (options: VsCodeOptions): Promise<VsCode> => (vsCode = await openWindow(options));
  afterEach(async () => {
    await vsCode?.close();
    vsCode = undefined;
  });
  after(removeTemporaryFolders);

  it("without a daemon says so, where, and what to do, and shows the daemon once it is asked again", async () => {
    const settings = (dockerHost: string) => ({
      ".vscode/settings.json": JSON.stringify({ "imageBuilders.dockerHost": dockerHost }),
    });
    const folder = temporaryFolder({ ...hello, ...settings(`unix://${join(temporaryFolder(), "absent.sock")}`) });
    const window = await open({ folder });
    const { workbench } = window;
    await allowDaemon(window);
    await workbench.treeItem(/^local, .*needs attention/).waitFor();
    await workbench.treeItem(/^Problem: .*absent\.sock/).waitFor();
    await window.screenshot("no-daemon");
    await workbench.command("Image Builders: Build Image...");
    await answer(window, "app");
    await workbench.toast(/absent\.sock/).waitFor();
    writeFiles(folder, settings(given("DOCKER_HOST")));
    await allowDaemon(window);
    await workbench.treeItem(/^local, docker \d+/).waitFor();
  });

  it("that VS Code has not called trusted yet runs the command of a row on the first click", async () => {
    const folder = temporaryFolder({
      ...hello,
      ".vscode/settings.json": JSON.stringify({ "imageBuilders.dockerHost": "unix:///absent.sock" }),
    });
    const window = await open({ folder });
    const { workbench, page } = window;
    writeFileSync(
      join(window.server.userData, "User/keybindings.json"),
      // Without a value, the command removes the key: a window has none until it has restored its editors.
      JSON.stringify([{ key: "ctrl+alt+shift+u", command: "_setContext", args: "isWorkspaceTrusted" }]),
    );
    // Among the actions in a view's title, which are drawn only while the mouse is there.
    const needsTrust = page.locator(".part.sidebar .pane-header .action-label[aria-label^='Build and Push']");
    await window.showUntil(folder, async () => {
      await workbench.openView("Image Builders");
      await workbench.treeItem("Review and allow local").waitFor();
      await needsTrust.first().waitFor({ state: "attached" });
      for (let presses = 0; presses < 3 && (await needsTrust.count()) > 0; presses++) {
        await page.keyboard.press("Control+Alt+Shift+U");
        await needsTrust
          .first()
          .waitFor({ state: "detached", timeout: 10_000 })
          .catch(() => undefined);
      }
      assert.equal(await needsTrust.count(), 0, "the key is bound");
    });
    await allowDaemon(window);
    await workbench.treeItem(/^Problem: .*absent\.sock/).waitFor();
  });

  it("of several folders asks which, and goes back to it", async () => {
    const [one, two] = [
      temporaryFolder(hello),
      temporaryFolder({ "a.Dockerfile": hello.Dockerfile, "b.Dockerfile": hello.Dockerfile, "hello.txt": "b" }),
    ];
    const workspace = join(temporaryFolder(), "both.code-workspace");
    writeFileSync(
      workspace,
      JSON.stringify({
        folders: [
          { path: one, name: "first" },
          { path: two, name: "second" },
        ],
      }),
    );
    const window = await open({ folder: workspace });
    const { workbench } = window;
    await window.showUntil(workspace, async () => {
      await workbench.openView("Explorer");
      // The file of a workspace is read after its window has opened.
      await workbench.treeItem("second").waitFor({ timeout: 60_000 });
    });
    await workbench.command("Image Builders: Build Image...");
    await workbench.pick("second");
    await workbench.quickPick("a.Dockerfile").waitFor();
    await workbench.answering(() => workbench.quickInput().getByRole("button", { name: "Back" }).click());
    await workbench.pick("second");
    await workbench.pick("b.Dockerfile");
    await answer(window, uniqueName());
    await workbench.toast(/Built .*:latest in/).waitFor();
  });

  it("without a folder asks for one on disk", async () => {
    const folder = temporaryFolder({ ...hello, "inside/notes.txt": "" });
    const window = await open({});
    const { workbench } = window;
    await workbench.command("Image Builders: Build Image...");
    await chooseFolder(window, folder);
    await workbench
      .quickInput()
      .getByText(/^Build Image: /)
      .waitFor();
    await answer(window, uniqueName());
    await workbench.toast(/Built .*:latest in/).waitFor();
  });

  it("refuses a second build of a Dockerfile that is being built", async () => {
    const window = await open({
      folder: temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} && sleep 600\n` }),
    });
    const { workbench } = window;
    await workbench.command("Image Builders: Build Image...");
    await answer(window, "slow:1");
    await workbench.toast(/sleep 600/).waitFor();
    await workbench.command("Image Builders: Build Image...");
    await workbench.toast(/is already being built as slow:1\. Wait for that build or cancel it\./).waitFor();
    await workbench.command("Image Builders: Cancel Build");
    await workbench.treeItem(/slow:1, canceled/).waitFor();
  });
});
