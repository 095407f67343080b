import assert from "node:assert/strict";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("a Dockerfile that is edited and built", function () {
  this.timeout(300_000);
  // Each step begins where the one before ended.
  this.bail(true);
  const name = uniqueName("hello");
  let vsCode: VsCode;

  before(async () => {
    const folder = temporaryFolder({
      Dockerfile:
        `FROM busybox:1.35 as base\nWORKDIR /app\nRUN sleep 1 && \\\n    echo ${name}\n` +
        "COPY hello.txt .\nENV A 1\n",
      "hello.txt": "hello\n",
    });
    vsCode = await VsCode.open({
      folder,
      env: { DOCKER_HOST: given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST") },
      viewport: { width: 1200, height: 800 },
    });
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  /** Texts that decorations show after lines of the editor. */
  async function notes(): Promise<string[]> {
    const all = await vsCode.page.evaluate<string[]>(
      "[...document.querySelectorAll('.view-lines .view-line span')]" +
        ".map((each) => getComputedStyle(each, '::after').content)",
    );
    return all.map((text) => text.replaceAll('"', "")).filter((text) => /^(?:cached|\d+\.\ds)$/.test(text));
  }

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

  it("shows after each instruction how long it took, or that it was cached, until that is edited", async () => {
    const { workbench, page } = vsCode;
    const build = async (): Promise<void> => {
      await page.locator(".codelens-decoration a", { hasText: /^Build$/ }).click();
      await answer(vsCode, `${name}:1`);
      await workbench.toast(/^Built /).waitFor();
      await workbench.command("Notifications: Clear All Notifications");
    };
    await build();
    await until(async () => (await notes()).length === 3, "WORKDIR, RUN and COPY have notes");
    assert.ok(
      (await notes()).some((text) => /^[1-9]\d*\.\ds$/.test(text)),
      (await notes()).join(),
    );
    await vsCode.screenshot("dockerfile-durations", ...bothThemes);
    await build();
    await until(async () => (await notes()).join() === "cached,cached,cached", "all is cached");
    await page.locator(".view-line", { hasText: "WORKDIR" }).click();
    await page.keyboard.press("Home");
    await page.keyboard.type("# above\n");
    await until(async () => (await notes()).length === 3, "a new line above moves them");
    await page.locator(".view-line", { hasText: "COPY" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type("/x");
    await until(async () => (await notes()).length === 2, "an edited instruction has none");
    await vsCode.screenshot("dockerfile-cached", ...bothThemes);
  });
});

describe("a Dockerfile in a window", function () {
  this.timeout(300_000);
  after(removeTemporaryFolders);

  it("is not checked while the workspace is not trusted", async () => {
    const vsCode = await VsCode.open({
      folder: temporaryFolder({ Dockerfile: "FROM busybox:1.35 as base\nCOPPY a b\n", ".dockerignore": "[\n" }),
      env: { DOCKER_HOST: given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST") },
      settings: {
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
      },
    });
    try {
      const { workbench, page } = vsCode;
      await workbench.openView("Explorer");
      await workbench.treeItem("Dockerfile").dblclick();
      await page.locator(".view-line", { hasText: "FROM busybox" }).waitFor();
      // Our own finding shows that the extension runs; checks would come in this time, too.
      await workbench.treeItem(".dockerignore").dblclick();
      await page.locator(".squiggly-error").first().waitFor();
      await page.waitForTimeout(3_000);
      await workbench.treeItem("Dockerfile").dblclick();
      await page.locator(".view-line", { hasText: "FROM busybox" }).waitFor();
      assert.equal(await page.locator(".squiggly-error, .squiggly-warning").count(), 0);
    } finally {
      await vsCode.close();
    }
  });
});
