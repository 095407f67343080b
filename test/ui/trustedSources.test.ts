import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { PasswordServer } from "../support/passwordServer";
import { SilentServer } from "../support/silentServer";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("what a workspace names in a window", function () {
  this.timeout(300_000);
  this.bail(true);
  const token = uniqueName("canary");
  let daemon: SilentServer;
  let registry: PasswordServer;
  let other: PasswordServer;
  let folder: string;
  let vsCode: VsCode;

  before(async () => {
    [daemon, registry, other] = [
      await SilentServer.start(),
      await PasswordServer.start(`robot:${token}`),
      await PasswordServer.start(`robot:${token}`),
    ];
    folder = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      ".vscode/settings.json": settings(registry.address),
    });
    vsCode = await VsCode.open({ folder, viewport: { width: 1280, height: 1000 } });
    const { workbench } = vsCode;
    await vsCode.showUntil(folder, async () => {
      await workbench.openView("Image Builders");
      await workbench.treeItem(/^local, not allowed yet/).waitFor({ timeout: 60_000 });
    });
  });
  after(async () => {
    await vsCode.close();
    await Promise.all([daemon, registry, other].map((server) => server.stop()));
    removeTemporaryFolders();
  });

  function settings(address: string): string {
    return JSON.stringify({
      "imageBuilders.dockerHost": `tcp://${daemon.address}`,
      "imageBuilders.registries": [
        { name: "theirs", flavor: "default", configuration: { uri: address }, connector: "planted" },
      ],
      "imageBuilders.connectors": [
        {
          name: "planted",
          type: "docker",
          authMethod: "password",
          configuration: { username: "robot", password: "{{npm.token}}", registry: address },
        },
      ],
    });
  }

  it("as the daemon is shown as not allowed and not contacted, until a person reads where and agrees", async () => {
    const { workbench, page } = vsCode;
    await workbench.treeItem(/^local, not allowed yet/).waitFor();
    await workbench
      .treeItem(/^Problem: Not allowed yet: sending builds .* the setting "imageBuilders\.dockerHost" in the workspace/)
      .waitFor();
    await vsCode.screenshot("daemon-not-confirmed");
    const review = workbench.treeItem("Review and allow local");
    const dialog = workbench.dialog(/Use the Docker daemon that this workspace specifies\?/);
    await review.click();
    await dialog.getByText(`Destination: Docker daemon at tcp://${daemon.address}`).waitFor();
    await vsCode.screenshot("daemon-question");
    // Whoever types on while the question comes up has not agreed to anything.
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await workbench.treeItem(/^local, not allowed yet/).waitFor();
    assert.equal(daemon.taken, 0);

    await review.click();
    await dialog.getByRole("button", { name: "Allow" }).click();
    await until(() => daemon.taken > 0, "the allowed daemon is asked");
    await page.keyboard.press("Escape");
  });

  it("as a stored secret is sent nowhere before it is allowed", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: New Secret...");
    await answer(vsCode, "npm");
    await answer(vsCode, "token");
    await answer(vsCode, token);
    await workbench.pick("Store Secret");
    const dialog = await check();
    await dialog.getByText('What: stored secret "npm" (token)').waitFor();
    await dialog.getByText('Requested by: connector "planted" in the workspace\'s settings').waitFor();
    await vsCode.screenshot("secret-question");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    const told = workbench.toast(/for the connector "planted" in the workspace settings was not allowed/);
    await told.getByRole("button", { name: "Open Settings" }).waitFor();
    await vsCode.screenshot("denied", ...bothThemes);
    assert.equal(registry.accepted, 0);
    await told.getByRole("button", { name: "Review and Allow..." }).click();
    await dialog.getByText('What: stored secret "npm" (token)').waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "hidden" });
    assert.equal(registry.accepted, 0);
    await workbench.command("Notifications: Clear All Notifications");

    await (await check()).getByRole("button", { name: "Allow" }).click();
    await workbench.toast(/accepted the credentials from the connector "planted"/).waitFor();
    assert.ok(registry.accepted > 0);
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("is listed with where it goes and who has asked, and asked about again once it was removed", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Manage Trusted Sources...");
    await workbench
      .quickPick(/stored secret "npm" \(token\).*connector "planted" in the workspace's settings/s)
      .waitFor();
    await workbench.quickPick(/builds: Dockerfiles.*Docker daemon at tcp:/s).waitFor();
    await workbench.quickPick(/secret npm\.token.*belongs to 127\.0\.0\.1/s).waitFor();
    await vsCode.screenshot("trusted-sources");
    await workbench.pick(/stored secret "npm"/);
    await workbench.quickPick(/builds: Dockerfiles/).waitFor();
    await page.keyboard.press("Escape");
    const accepted = registry.accepted;
    await (await check()).getByRole("button", { name: "Cancel" }).click();
    await workbench.toast(/for the connector "planted" in the workspace settings was not allowed/).waitFor();
    assert.equal(registry.accepted, accepted);
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("as another host for a secret that has one is refused without a question", async () => {
    const { workbench } = vsCode;
    writeFiles(folder, { ".vscode/settings.json": settings(other.address) });
    await workbench.treeItem(new RegExp(`^theirs, ${other.address}`)).waitFor();
    await begin();
    await workbench
      .toast(
        new RegExp(
          `stored secret "npm" belongs to ${registry.address} and is not sent to ${other.address}, although the ` +
            'connector "planted".* refers to it',
        ),
      )
      .waitFor();
    assert.equal(other.accepted, 0);
  });

  it("has left no secret's value in files or output", async () => {
    assert.ok(!(await vsCode.output()).includes(token));
  });

  async function begin(): Promise<void> {
    await vsCode.workbench.command("Image Builders: Check Credentials");
    await vsCode.workbench.pick(/^theirs/);
  }

  /** Begins to check the credentials, and returns the question that comes up. */
  async function check(): Promise<Locator> {
    await begin();
    const dialog = vsCode.workbench.dialog(/Send the data that this workspace requests\?/);
    await dialog.waitFor();
    return dialog;
  }
});
