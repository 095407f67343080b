import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";

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
});
