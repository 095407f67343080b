import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("a secret that is kept in VS Code", function () {
  this.timeout(300_000);
  this.bail(true);
  const value = uniqueName("value");
  const hash = createHash("sha256").update(value).digest("hex");
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "app/Dockerfile":
        "FROM busybox:1.35\n" +
        `RUN --mount=type=secret,id=npm_token,required=true --mount=type=ssh echo ${uniqueName()} && ` +
        `sha256sum /run/secrets/npm_token\nRUN echo ${uniqueName()} > /sign\n`,
    });
    vsCode = await VsCode.open({ folder: root });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await vsCode.screenshot("failed-secrets", "dark");
  });

  it("is asked for behind More Options, masked", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem("app"), "Image Builders", "Build Image...");
    await workbench.quickInput().getByRole("button", { name: "More Options..." }).click();
    await workbench.quickPick(/Secrets.*npm_token is required/).waitFor();
    await vsCode.screenshot("secrets-needed");
    await workbench.quickPick(/Secrets/).click();
    await workbench.quickPick(/npm_token.*required, not set/).click();
    await workbench.quickPick("Environment Variable...").waitFor();
    await vsCode.screenshot("secret-sources");
    await workbench.quickPick("Secret Stored in VS Code...").click();
    await workbench.quickInput().locator("input[type=password]").waitFor();
    await answer(vsCode, value);
    await workbench.quickPick(/npm_token.*the stored secret "npm_token"/).waitFor();
    await vsCode.screenshot("secret-given");
    await workbench.quickInput().getByRole("button", { name: "Back" }).click();
    await workbench.quickPick(/SSH Agent.*none/).waitFor();
    await workbench.quickPick(/Export Result/).waitFor();
    await vsCode.screenshot("more-options-secrets");
    await workbench.quickInput().getByRole("button", { name: "Back" }).click();
    await workbench.quickInput().getByText("with secrets npm_token").waitFor();
    await page.keyboard.press("Enter");
  });

  it("reaches the step, and again when the build is repeated", async () => {
    const { workbench } = vsCode;
    await workbench.toast(/Built app:latest/).waitFor();
    // VS Code writes the output to disk a little later than it tells of the build.
    await until(async () => (await vsCode.output()).includes(hash), "the output has what the step saw");
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("Image Builders: Rebuild");
    await workbench.toast(/Built app:latest/).waitFor();
  });

  it("is in no log and no setting", async () => {
    assert.ok(!(await vsCode.output()).includes(value));
    assert.notDeepEqual(filesWith(hash), [], "the output is on disk");
    assert.deepEqual(filesWith(value), []);
  });

  /** The files of this VS Code's user data that hold a text. */
  function filesWith(text: string): string[] {
    const folder = vsCode.server.userData;
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(text));
  }
});
