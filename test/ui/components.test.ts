import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { answer } from "./answer";

describe("components clicked through", function () {
  this.timeout(300_000);
  let folder: string;
  let vsCode: VsCode;

  before(async () => {
    folder = temporaryFolder({ Dockerfile: "FROM scratch\n" });
    vsCode = await VsCode.open({ folder });
    await vsCode.workbench.openView("Image Builders");
    await vsCode.page.locator("a.monaco-link", { hasText: "Add a registry" }).waitFor();
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("are registered by what their flavor asks for, checked as it is typed, with a way back [Z34][Z37]", async () => {
    const { workbench } = vsCode;
    await workbench.viewAction("Registries", "Add Registry...");
    await workbench.pick("GitHub Container Registry");
    await workbench.quickInput().getByText("Add Registry (2/5)").waitFor();
    const message = await workbench.quickInputMessage().innerText();
    assert.doesNotMatch(message, /GitHub registry address/, "not before an edit");
    await workbench.textBox().fill("docker.io/team");
    await workbench
      .quickInputMessage()
      .getByText(/Use a GitHub registry address, such as "ghcr\.io\/your-account"\./)
      .waitFor();
    await workbench
      .quickInputMessage()
      .getByText(/Registry host, optionally followed by a path/)
      .waitFor();
    await vsCode.screenshot("register-validation", ...bothThemes);
    await answer(vsCode, "ghcr.io/team/");
    await answer(vsCode, "packages");
    await workbench.quickInput().getByText("Add Registry (4/5)").waitFor();
    await workbench.answering(() => workbench.quickInput().getByRole("button", { name: "Back" }).click());
    assert.equal(await workbench.textBox().inputValue(), "packages");
    await answer(vsCode, "packages");
    await workbench.pick("User Settings");
    await vsCode.screenshot("github-login", ...bothThemes);
    await workbench.pick("No Login");
    await workbench.treeItem(/^packages/).waitFor();
    await workbench.choose(workbench.treeItem(/^packages/), "Edit...");
    await workbench.pick(/^defaultRepository/);
    await answer(vsCode, "web/app");
    await workbench.quickPick(/^defaultRepository.*web\/app/s).waitFor();
    await vsCode.screenshot("register-fields");
    await workbench.pick("Labels");
    await answer(vsCode, "team=web");
    await workbench.pick("Save");
  });

  it("take an account alone as a registry at Docker Hub, and no other address", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Add Registry...");
    await workbench.pick("Docker Hub");
    await workbench.textBox().fill("ghcr.io/team");
    await workbench
      .quickInputMessage()
      .getByText(/Use a Docker Hub address or account, such as "docker\.io\/your-account" or "your-account"\./)
      .waitFor();
    await answer(vsCode, "zenml");
    assert.equal(await workbench.textBox().inputValue(), "zenml");
    await answer(vsCode, "hub");
    await workbench.pick("User Settings");
    await answer(vsCode, "");
    await workbench.treeItem(/^hub, .*docker\.io\/zenml/).waitFor();
  });

  it("are described in a document that follows them, and changed field by field [Z34][Z40]", async () => {
    const { workbench, page } = vsCode;
    writeFileSync(
      join(vsCode.server.userData, "User/keybindings.json"),
      JSON.stringify([{ key: "ctrl+alt+shift+d", command: "imageBuilders.describeComponent" }]),
    );
    await vsCode.showUntil(folder, async () => {
      await workbench.openView("Image Builders");
      await workbench.treeItem(/^packages/).waitFor();
      await workbench.press("Control+Alt+Shift+D", workbench.quickPick(/packages/), "visible", 3);
    });
    await workbench.pick(/packages/);
    const editor = page.locator(".editor-group-container");
    await editor.getByText("web/app").waitFor();
    await vsCode.screenshot("describe-component");
    await workbench.choose(workbench.treeItem(/^packages/), "Edit...");
    await workbench.pick(/^defaultRepository/);
    await answer(vsCode, "web/other");
    await workbench.pick("Save");
    await editor.getByText("web/other").waitFor();
  });

  it("are made the default, renamed, and deleted once it was told that they are the default [Z42][Z44]", async () => {
    const { workbench } = vsCode;
    await workbench.contextMenu(workbench.treeItem(/^packages/));
    await workbench.menuItem("Use by Default").waitFor();
    await vsCode.screenshot("registry-menu", ...bothThemes);
    await workbench.menuItem("Use by Default").click();
    await workbench.treeItem(/^packages.*default/).waitFor();
    await workbench.choose(workbench.treeItem(/^packages/), "Rename...");
    await answer(vsCode, "renamed");
    await workbench.treeItem(/^renamed.*default/).waitFor();
    await workbench.choose(workbench.treeItem(/^renamed/), "Delete...");
    const dialog = workbench.dialog('Delete the registry "renamed"?');
    await dialog.getByText(/It is the default in /).waitFor();
    await dialog.getByRole("button", { name: "Delete Anyway" }).click();
    await workbench.treeItem(/^renamed/).waitFor({ state: "hidden" });
  });
});
