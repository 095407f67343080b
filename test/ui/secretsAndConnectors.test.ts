import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { PasswordServer } from "../support/passwordServer";
import { bothThemes, VsCode } from "../support/ui";
import { answer } from "./answer";

describe("secrets and connectors in the sidebar", function () {
  this.timeout(300_000);
  this.bail(true);
  const wrong = uniqueName("wrong");
  const other = uniqueName("other");
  const right = uniqueName("right");
  let registry: PasswordServer;
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    registry = await PasswordServer.start(`robot:${right}`);
    root = temporaryFolder({ "app/Dockerfile": `FROM scratch\nCOPY Dockerfile /${uniqueName()}\n` });
    vsCode = await VsCode.open({ folder: root, viewport: { width: 1280, height: 1000 } });
    await vsCode.workbench.openView("Image Builders");
    for (const title of ["Builders", "Builds", "Build Context"]) await toggle(title, false);
    for (const title of ["Connectors", "Secrets"]) await toggle(title, true);
  });
  after(async () => {
    await vsCode.close();
    await registry.stop();
    removeTemporaryFolders();
  });

  it("say how to begin", async () => {
    await view("Connectors").locator("a.monaco-link", { hasText: "Add a connector" }).waitFor();
    await view("Secrets").locator("a.monaco-link", { hasText: "new secret" }).waitFor();
    await vsCode.screenshot("secrets-and-connectors-empty");
  });

  it("store a secret by name and keys, its values masked", async () => {
    const { workbench } = vsCode;
    await view("Secrets").locator("a.monaco-link", { hasText: "new secret" }).click();
    await workbench.textBox().fill("a.b");
    await workbench.quickInput().getByText("Enter a name without spaces, dots, or braces.").waitFor();
    await answer(vsCode, "robot");
    for (const [key, value] of [
      ["username", "robot"],
      ["password", wrong],
    ] as const) {
      await answer(vsCode, key);
      await workbench.quickInput().locator("input[type=password]").waitFor();
      if (key === "password") await vsCode.screenshot("secret-value");
      await answer(vsCode, value);
      await workbench.pick(key === "username" ? "Add Another Key..." : "Store Secret");
    }
    await workbench.treeItem("Secret robot, not used by any setting · username, password").waitFor();
  });

  it("change a value, add a key and copy a reference, and show no value", async () => {
    const { workbench } = vsCode;
    await workbench.treeItem(/^Secret robot/).click();
    await choose(workbench.treeItem("Key password"), "Copy Secret Reference");
    await vsCode.page.getByText("Copied {{robot.password}}").waitFor();
    await choose(workbench.treeItem("Key password"), "Change Secret Value...");
    await answer(vsCode, right);
    await choose(workbench.treeItem(/^Secret robot/), "Add Key to Secret...");
    await answer(vsCode, "token");
    await answer(vsCode, other);
    await workbench.treeItem("Key token").waitFor();
  });

  it("register a connector once its registry takes the login, and say why it does not [Z49][Z123]", async () => {
    const { workbench } = vsCode;
    await view("Connectors").locator("a.monaco-link", { hasText: "Add a connector" }).click();
    await workbench.quickPick("Google Cloud").waitFor();
    await vsCode.screenshot("connector-types");
    await workbench.pick(/^Docker/);
    await answer(vsCode, "team");
    await answer(vsCode, "robot");
    await answer(vsCode, wrong);
    await workbench.pick(/^registry/);
    await answer(vsCode, registry.address);
    await vsCode.screenshot("connector-fields");
    await workbench.pick("Continue");
    await workbench.pick("User Settings");
    const dialog = workbench.dialog(/Can't verify the connector "team"/);
    await dialog
      .getByText(new RegExp(`${registry.address}`))
      .first()
      .waitFor();
    await vsCode.screenshot("connector-not-verified");
    await dialog.getByRole("button", { name: "Edit..." }).click();
    await workbench.pick(/^password/);
    await answer(vsCode, "{{robot.password}}");
    await workbench.pick("Verify and Save");
    await workbench.toast(new RegExp(`The connector "team" has signed in to ${registry.address}`)).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.treeItem(`Connector team, ${registry.address}`).click();
    await workbench.treeItem(/^Signs in with: User name and password/).waitFor();
    await workbench.treeItem(/^Credentials expire: never/).waitFor();
    await workbench.treeItem(/^used by connector "team"/).waitFor();
    await vsCode.screenshot("secrets-and-connectors", ...bothThemes);
  });

  it("verify a connector again, and tell that it has expired", async () => {
    const { workbench } = vsCode;
    await choose(workbench.treeItem(/^Connector team/), "Verify Connector");
    await workbench.toast(new RegExp(`has signed in to ${registry.address}`)).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await choose(workbench.treeItem(/^Connector team/), "Edit...");
    await workbench.pick(/^Expires/);
    await workbench.textBox().fill("soon");
    await workbench.quickInput().getByText("Enter a time, such as").first().waitFor();
    await answer(vsCode, "2020-01-31T12:00:00Z");
    await workbench.pick("Verify and Save");
    const dialog = workbench.dialog(/have expired\. Update the connector/);
    await dialog.getByRole("button", { name: "Save Without Verifying" }).click();
    await workbench.treeItem(/^Connector team, .*needs attention/).waitFor();
    await workbench.treeItem(/^Problem: The credentials have expired/).waitFor();
    await vsCode.screenshot("connector-expired");
  });

  it("tell who still uses what is to be deleted", async () => {
    const { workbench } = vsCode;
    await choose(workbench.treeItem(/^Secret robot/), "Delete Secret");
    const asked = workbench.dialog(/It is still used by connector "team", which will fail without it/);
    await asked.waitFor();
    await vsCode.screenshot("secret-in-use");
    await asked.getByRole("button", { name: "Cancel" }).click();
    await choose(workbench.treeItem(/^Connector team/), "Delete...");
    await workbench
      .dialog(/No builder or registry uses it.*The stored secrets "robot" aren't used elsewhere/s)
      .getByRole("button", { name: "Delete" })
      .click();
    await view("Connectors").locator("a.monaco-link", { hasText: "Add a connector" }).waitFor();
    await view("Secrets").locator("a.monaco-link", { hasText: "new secret" }).waitFor();
  });

  it("have left no value in settings, logs or other files", async () => {
    const written = await vsCode.output();
    for (const value of [wrong, other, right]) {
      assert.ok(!written.includes(value), "in the output");
      assert.deepEqual(filesWith(value), []);
    }
  });

  function view(title: string): Locator {
    return vsCode.page
      .locator(".part.sidebar .pane")
      .filter({ has: vsCode.page.locator(".pane-header").filter({ hasText: new RegExp(`^${title}$`, "i") }) });
  }

  async function toggle(title: string, open: boolean): Promise<void> {
    const header = view(title).locator(".pane-header");
    if ((await header.getAttribute("aria-expanded")) !== String(open)) await header.click();
  }

  async function choose(row: Locator, entry: string): Promise<void> {
    await vsCode.workbench.choose(row, entry);
    await vsCode.workbench.menuItem(entry).waitFor({ state: "hidden" });
  }

  function filesWith(text: string): string[] {
    return readdirSync(vsCode.server.userData, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(text));
  }
});
