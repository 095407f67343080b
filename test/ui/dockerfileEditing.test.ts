import assert from "node:assert/strict";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { persist } from "../support/workbench";
import { answer } from "./answer";

/** Texts behind the lines of the editor, which only its style sheets have. */
const notesInEditor = `[...document.querySelectorAll(".editor-group-container .view-line span")]
  .map((span) => getComputedStyle(span, "::after").content)
  .filter((content) => content.startsWith('"'))
  .map((content) => JSON.parse(content))`;

describe("a Dockerfile that is edited", function () {
  this.timeout(300_000);
  const name = uniqueName("hello");
  let vsCode: VsCode;

  before(async () => {
    const folder = temporaryFolder({
      Dockerfile:
        `FROM busybox:1.35 as base\nWORKDIR /app\nRUN sleep 1 && \\\n    echo ${name}\n` +
        "COPY hello.txt .\nENV A 1\n",
      "hello.txt": "hello\n",
      "broken/Dockerfile": "FROM busybox:1.35\nRUN echo said-$((40+2)) && exit 3\n",
    });
    vsCode = await VsCode.open({
      folder,
      env: { DOCKER_HOST: given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST") },
      // Only so does the page contain the text of a terminal.
      settings: { "terminal.integrated.gpuAcceleration": "off" },
      viewport: { width: 1200, height: 800 },
    });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  it("is marked while it is edited, without a save", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Explorer");
    await workbench.treeItem("Dockerfile").dblclick();
    await page.locator(".squiggly-warning").first().waitFor();
    await page.locator(".view-line", { hasText: "ENV A" }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("COPPY a b");
    await page.locator(".squiggly-error").first().waitFor();
    await workbench.command("Problems: Focus on Problems View");
    await workbench.problem(/unknown instruction: COPPY/).waitFor();
    await workbench.problem(/FromAsCasing/).waitFor();
    await vsCode.screenshot("dockerfile-checks", ...bothThemes);
    await workbench.command("File: Revert File");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  });

  it("shows after a build how long each instruction took, and then which were cached, until it is edited", async () => {
    const { workbench, page } = vsCode;
    const notes = async (): Promise<string[]> => page.evaluate<string[]>(notesInEditor);
    const build = async (): Promise<void> => {
      await workbench.command("Image Builders: Build Image...");
      // Enter takes it, because it is listed first.
      await workbench.quickPick(/^Dockerfile.*in the active editor/s).waitFor();
      await workbench.answering(() => page.keyboard.press("Enter"));
      await answer(vsCode, `${name}:1`);
      await workbench.toast(/^Built|Built /).waitFor();
      await workbench.command("Notifications: Clear All Notifications");
    };
    assert.deepEqual(await notes(), []);
    await build();
    await until(async () => (await notes()).some((note) => /^[1-9]/.test(note)), "the step that sleeps is timed");
    await vsCode.screenshot("step-durations", ...bothThemes);
    const count = (await notes()).length;
    await build();
    await until(async () => (await notes()).filter((note) => note === "cached").length >= 3, "steps are cached");
    assert.equal((await notes()).length, count);
    await workbench.goTo(5, 1);
    await page.keyboard.type(" ");
    await until(async () => (await notes()).length === count - 1, "an edited instruction has none");
    await workbench.command("File: Revert File");
  });

  /** Runs a detected task: its type is chosen first, from a list that may have recently used tasks above it. */
  async function runTask(name: string): Promise<void> {
    const { workbench, page } = vsCode;
    const timeout = 10_000;
    const rows = page.locator(".quick-input-widget:visible .monaco-list-row");
    await persist(
      async () => {
        await workbench.command("Tasks: Run Task");
        await rows.filter({ hasText: "image-builders", hasNotText: "image-builders:" }).first().click({ timeout });
        await rows.filter({ hasText: "build broken/Dockerfile" }).first().waitFor({ timeout });
        await rows.filter({ hasText: name }).first().click({ timeout });
        await page.locator(".quick-input-widget:visible").waitFor({ state: "detached", timeout });
      },
      () => page.keyboard.press("Escape"),
    );
  }

  it("is built by a detected task, with its log and exit code in a terminal", async () => {
    const { page } = vsCode;
    const rows = page.locator(".part.panel .xterm-rows:visible");
    await runTask("build Dockerfile");
    await rows.getByText(/Done in/).waitFor();
    await rows.getByText("Terminal will be reused by tasks").waitFor();
    await vsCode.screenshot("task-terminal", ...bothThemes);
  });

  it("is marked once if a task fails, whose terminal says where and how", async () => {
    const { workbench, page } = vsCode;
    // In a low panel, the lines of a step are out of sight as soon as the failure is told.
    await workbench.command("View: Toggle Maximized Panel");
    await runTask("build broken/Dockerfile");
    const rows = page.locator(".part.panel .xterm-rows:visible");
    await rows.getByText(/said-42/).waitFor();
    await rows.getByText(/exit code: 1/).waitFor();
    await vsCode.screenshot("task-failed", ...bothThemes);
    await workbench.command("Problems: Focus on Problems View");
    await workbench.problem(/The build failed at/).waitFor();
    assert.equal(await page.locator(".markers-panel .monaco-list-row", { hasText: "The build failed at" }).count(), 1);
    await vsCode.screenshot("task-problem", "dark");
  });
});
