import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { given } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { SilentServer } from "../support/silentServer";
import type { VsCode, VsCodeOptions } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";
import { allowDaemon, hello, openWindow } from "./windowSupport";

/** Trusts the folder in VS Code's own page, and closes it. */
async function trustFolder({ page }: VsCode): Promise<void> {
  await page
    .getByRole("button", { name: /^Trust/ })
    .first()
    .click();
  await page.getByText("You trust this folder").first().waitFor();
  // It is shown above the whole window, and hears keys once it has the focus.
  await page.getByText("You trust this folder").first().click();
  await page.keyboard.press("Escape");
  await page.locator(".monaco-modal-editor-block").first().waitFor({ state: "hidden" });
}

describe("a window", function () {
  this.timeout(300_000);
  let vsCode: VsCode | undefined;

  const open = async (options: VsCodeOptions): Promise<VsCode> => (vsCode = await openWindow(options));
  afterEach(async () => {
    await vsCode?.close();
    vsCode = undefined;
  });
  after(removeTemporaryFolders);

  it("that is not trusted shows what it may, offers no build, and refuses one that is requested anyway", async () => {
    const folder = temporaryFolder({
      Dockerfile: "FROM scratch as one\nCOPY hello.txt /\n",
      "hello.txt": "hello\n",
      ".dockerignore": "[docs\n",
    });
    const window = await open({
      folder,
      // A daemon that checks Dockerfiles.
      env: { DOCKER_HOST: given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST") },
      settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    });
    const { workbench, page } = window;
    writeFileSync(
      join(window.server.userData, "User/keybindings.json"),
      JSON.stringify([
        { key: "ctrl+alt+shift+b", command: "imageBuilders.buildImage" },
        { key: "ctrl+alt+shift+t", command: "workbench.action.tasks.runTask", args: "build Dockerfile" },
      ]),
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
    await workbench.treeItem("Dockerfile").dblclick();
    await page.locator(".view-line", { hasText: "COPY hello" }).waitFor();
    await workbench.openSubmenu(workbench.treeItem("Dockerfile"), "Image Builders");
    await workbench.menuItem("Explain Why File Is Included or Excluded").waitFor();
    assert.equal(await workbench.menuItem("Build Image...").count(), 0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await workbench.treeItem(".dockerignore").dblclick();
    await page.locator(".squiggly-error").first().waitFor();

    // VS Code itself runs no task before it has asked.
    await workbench.press("Control+Alt+Shift+T", workbench.dialog(/Do you trust/));
    await workbench
      .dialog(/Do you trust/)
      .getByRole("button", { name: "Cancel" })
      .click();
    await workbench.command("Problems: Focus on Problems View");
    await workbench.problem(/\[docs/).waitFor();
    assert.equal(await workbench.problem(/FromAsCasing/).count(), 0, "no text is sent to a daemon");

    await workbench.press("Control+Alt+Shift+B", refusal);
    await refusal.getByRole("button", { name: "Manage Workspace Trust" }).click();
    await trustFolder(window);
    await workbench.problem(/FromAsCasing/).waitFor();
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
      await workbench.press("Control+Alt+Shift+V", workbench.toast("No connectors have been added yet."));
      assert.equal(server.taken, 0);

      await trust.click();
      await trustFolder(window);
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
});
