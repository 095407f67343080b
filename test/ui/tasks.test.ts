import assert from "node:assert/strict";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";

describe("tasks of a window", function () {
  this.timeout(300_000);
  // Each step begins where the one before ended.
  this.bail(true);
  let vsCode: VsCode;

  before(async () => {
    const folder = temporaryFolder({
      Dockerfile: "FROM busybox:1.35\nEXPOSE 80\nRUN echo hello > /hello\n",
      "broken.Dockerfile": "FROM busybox:1.35\n\nRUN echo compiling && exit 3\n",
    });
    vsCode = await VsCode.open({ folder });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  /** Runs a task of ours from VS Code's list. */
  async function runTask(name: string): Promise<void> {
    const { workbench } = vsCode;
    await workbench.command("Tasks: Run Task");
    await workbench.pick("image-builders");
    await workbench.quickPick(name).waitFor();
    await vsCode.screenshot("tasks");
    await workbench.pick(name);
  }

  it("are listed with the Dockerfile that each builds, and run in a terminal", async () => {
    await runTask("build broken.Dockerfile");
    const { page } = vsCode;
    await page
      .locator(".terminal-tabs-entry, .single-terminal-tab", { hasText: /broken/ })
      .first()
      .waitFor();
    // VS Code shows the exit code of a task that has failed.
    await page
      .locator(".part.panel")
      .getByText(/broken/)
      .first()
      .waitFor();
    await vsCode.workbench.command("Problems: Focus on Problems View");
    await vsCode.workbench.problem(/exit 3|exit code: 3|code: 3/).waitFor();
    await vsCode.screenshot("task-problems", ...bothThemes);
    const marks = page.locator(".markers-panel .monaco-list-row").filter({ hasText: /The build failed/ });
    assert.equal(await marks.count(), 1, "the problem matcher and the build mark the line together once");
    await vsCode.workbench.command("Terminal: Focus Terminal");
    await vsCode.screenshot("task-terminal", ...bothThemes);
  });

  it("have rows in the Builds view like any other build, with their images to run", async () => {
    await runTask("build Dockerfile");
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    const row = workbench.treeItem(/:latest, built in/);
    await row.waitFor();
    assert.equal(await workbench.toast(/Built/).count(), 0, "the terminal says it");
    const menu = await workbench.contextMenu(row);
    await workbench.menuItem("Run Image").waitFor();
    await vsCode.screenshot("run-image-menu", ...bothThemes);
    await menu.press("Escape");
    await workbench.choose(row, "Run Image");
    await workbench.textBox().waitFor();
    assert.equal(await workbench.textBox().inputValue(), "127.0.0.1:80:80");
    await workbench.textBox().fill("x");
    await workbench.quickInputMessage().getByText('"x" is not a port').waitFor();
    await vsCode.screenshot("run-image-ports", ...bothThemes);
    await workbench.textBox().fill("127.0.0.1:0:80");
    await workbench.answering(() => workbench.textBox().press("Enter"));
    await until(
      async () => (await vsCode.page.locator(".terminal-tabs-entry", { hasText: /:latest/ }).count()) > 0,
      "a terminal runs the image",
    );
  });
});
