import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { SilentServer } from "../support/silentServer";
import { VsCode, type VsCodeOptions } from "../support/ui";
import { until } from "../support/until";
import { answer, chooseFolder } from "./answer";

const hello = { Dockerfile: "FROM scratch\nCOPY hello.txt /\n", "hello.txt": "hello\n" };

describe("a window", function () {
  this.timeout(300_000);
  let vsCode: VsCode | undefined;

  async function open(options: VsCodeOptions): Promise<VsCode> {
    vsCode = await VsCode.open(options);
    // The palette does not offer a command that comes while it is open.
    await vsCode.workbench.openView("Image Builders");
    await vsCode.workbench.treeItem(/^local, (?!Connecting)/).waitFor();
    return vsCode;
  }
  afterEach(async () => {
    await vsCode?.close();
    vsCode = undefined;
  });
  after(removeTemporaryFolders);

  /** Agrees to the daemon that the workspace names. */
  async function allowDaemon({ workbench }: VsCode): Promise<void> {
    await workbench.treeItem(/^local, not allowed yet/).waitFor();
    await workbench.treeItem("Review and allow local").click();
    await workbench
      .dialog(/Use the Docker daemon that this workspace specifies/)
      .getByRole("button", { name: "Allow" })
      .click();
  }

  it("without a daemon says so, where, and what to do, and shows the daemon once it is asked anew", async () => {
    const settings = (dockerHost: string) => ({
      ".vscode/settings.json": JSON.stringify({ "imageBuilders.dockerHost": dockerHost }),
    });
    const folder = temporaryFolder({ ...hello, ...settings(`unix://${join(temporaryFolder(), "absent.sock")}`) });
    const window = await open({ folder });
    const { workbench } = window;
    await allowDaemon(window);
    await workbench.treeItem(/^local, needs attention/).waitFor();
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

  it("that is not trusted shows what it may, offers no build, and refuses one that is requested anyway", async () => {
    const folder = temporaryFolder({ ...hello, ".dockerignore": "[docs\n" });
    const window = await open({
      folder,
      settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    });
    const { workbench, page } = window;
    writeFileSync(
      join(window.server.userData, "User/keybindings.json"),
      JSON.stringify([{ key: "ctrl+alt+shift+b", command: "imageBuilders.buildImage" }]),
    );
    const refusal = workbench.toast(/requires a trusted workspace/);
    await window.showUntil(folder, async () => {
      await workbench.openView("Image Builders");
      // The views of builders and of registries have one each.
      await page.getByRole("button", { name: "Manage Workspace Trust" }).first().waitFor();
      await workbench.press("Control+Alt+Shift+B", refusal, "visible", 3);
    });
    await workbench.command("Notifications: Clear All Notifications");
    await refusal.waitFor({ state: "hidden" });
    await window.screenshot("untrusted", "dark");

    await workbench.openView("Explorer");
    await workbench.contextMenu(workbench.treeItem("Dockerfile"));
    assert.equal(await workbench.menuItem("Image Builders").count(), 0);
    await page.keyboard.press("Escape");
    await workbench.treeItem(".dockerignore").dblclick();
    await page.locator(".squiggly-error").first().waitFor();

    await workbench.press("Control+Alt+Shift+B", refusal);
    await refusal.getByRole("button", { name: "Manage Workspace Trust" }).click();
    await page
      .getByText(/In a (?:Trusted|restricted)|Trusted Folders/)
      .first()
      .waitFor();
  });

  it("that is not trusted contacts nobody whom its settings name", async () => {
    const server = await SilentServer.start();
    const theirs = {
      "imageBuilders.dockerHost": `tcp://${server.address}`,
      "imageBuilders.registries": [
        { name: "theirs", flavor: "default", configuration: { uri: server.address }, connector: "theirs" },
      ],
      "imageBuilders.connectors": [
        {
          name: "theirs",
          type: "docker",
          authMethod: "password",
          configuration: { username: "me", password: "{{theirs.password}}", registry: server.address },
        },
      ],
    };
    const folder = temporaryFolder({ ...hello, ".vscode/settings.json": JSON.stringify(theirs) });
    const window = await open({
      settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    });
    const { workbench, page } = window;
    try {
      const commands = { c: "checkCredentials", v: "verifyConnector" };
      writeFileSync(
        join(window.server.userData, "User/keybindings.json"),
        JSON.stringify(
          Object.entries(commands).map(([key, command]) => ({
            key: `ctrl+alt+shift+${key}`,
            command: `imageBuilders.${command}`,
          })),
        ),
      );
      const trust = page.getByRole("button", { name: "Manage Workspace Trust" }).first();
      const none = workbench.toast("No builder or registry supports this action.");
      await window.showUntil(folder, async () => {
        await workbench.openView("Image Builders");
        await trust.waitFor();
        await workbench.press("Control+Alt+Shift+C", none, "visible", 3);
      });
      await workbench.press("Control+Alt+Shift+V", workbench.toast("No connectors are registered yet."));
      assert.equal(server.taken, 0);

      await trust.click();
      await page
        .getByRole("button", { name: /^Trust/ })
        .first()
        .click();
      await page.getByText("You trust this folder").first().waitFor();
      // It is shown above the whole window, and hears keys once it has the focus.
      await page.getByText("You trust this folder").first().click();
      await page.keyboard.press("Escape");
      await page.locator(".monaco-modal-editor-block").first().waitFor({ state: "hidden" });
      await workbench.openView("Image Builders");
      await workbench.treeItem(/^theirs, /).waitFor();
      await workbench.treeItem(/^local, not allowed yet/).waitFor();
      assert.equal(server.taken, 0, "trust alone is no answer");
      await allowDaemon(window);
      await until(() => server.taken > 0, "the daemon that a trusted workspace names is asked");
    } finally {
      await server.stop();
    }
  });

  it("that is not trusted leaves the lists in its settings as they are, since it doesn't read them", async () => {
    const configuration = { uri: "registry.example/theirs" };
    const lists = {
      "imageBuilders.builders": [{ name: "theirs", flavor: "local" }],
      "imageBuilders.registries": [{ name: "theirs", flavor: "default", configuration }],
      "imageBuilders.connectors": [{ name: "theirs", type: "docker", authMethod: "password", configuration: {} }],
    };
    const text = JSON.stringify(lists, undefined, 2);
    const folder = temporaryFolder({ ...hello, ".vscode/settings.json": text });
    const written = (): string => readFileSync(join(folder, ".vscode/settings.json"), "utf8");
    const window = await open({
      settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    });
    const { workbench, page } = window;
    const ours = { name: "ours", scope: "workspace", verify: false };
    const calls = [
      { command: "registerImageBuilder", args: { ...ours, flavor: "local", configuration: {} } },
      { command: "registerContainerRegistry", args: { ...ours, flavor: "default", configuration } },
      {
        command: "registerConnector",
        args: { ...ours, type: "docker", authMethod: "password", configuration: { username: "me", password: "x" } },
      },
    ];
    writeFileSync(
      join(window.server.userData, "User/keybindings.json"),
      JSON.stringify(
        calls.map(({ command, args }, i) => ({
          key: `ctrl+alt+shift+${i + 1}`,
          command: `imageBuilders.${command}`,
          args,
        })),
      ),
    );
    const refusal = workbench.toast(/Workspace settings can't be changed in Restricted Mode/);
    await window.showUntil(folder, async () => {
      await workbench.openView("Image Builders");
      await page.getByRole("button", { name: "Manage Workspace Trust" }).first().waitFor();
      await workbench.press("Control+Alt+Shift+Digit1", refusal, "visible", 3);
    });
    for (const [i, { command }] of calls.entries()) {
      await workbench.press(`Control+Alt+Shift+Digit${i + 1}`, refusal);
      assert.equal(written(), text, command);
      await workbench.command("Notifications: Clear All Notifications");
      await refusal.waitFor({ state: "hidden" });
    }

    await workbench.command("Image Builders: Add Registry...");
    await workbench.pick("Any registry");
    await answer(window, "registry.example/ours");
    await answer(window, "ours");
    // The user name is asked for next, since only the user's settings are left.
    await answer(window, "");
    await workbench.treeItem(/^ours, /).waitFor();
    assert.equal(written(), text);
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
