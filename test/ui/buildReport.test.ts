import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator } from "playwright-core";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

describe("the report of a build", function () {
  this.timeout(300_000);
  // Each step begins where the one before ended.
  this.bail(true);
  const name = uniqueName("reported");
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder({
      "web/Dockerfile": [
        "FROM busybox:1.35 AS assets",
        "COPY pages /assets/",
        `RUN sleep 3 && echo assets ${name} > /assets/note && head -c 400000 /dev/urandom > /assets/data`,
        "FROM busybox:1.35 AS tool",
        `RUN sleep 2 && echo tool ${name} > /tool`,
        "FROM busybox:1.35 as final",
        "COPY --from=assets /assets /assets",
        "COPY --from=tool /tool /tool",
        `RUN sleep 1 && cat /tool /assets/note > /both`,
        "",
      ].join("\n"),
      "web/pages/page.html": `<b>one ${name}</b>\n`,
      "web/pages/other.html": "<b>other</b>\n",
      "slow/Dockerfile": [
        "FROM busybox:1.35 AS one",
        `RUN sleep 600 && echo one ${name} > /one`,
        "FROM busybox:1.35 AS two",
        `RUN sleep 600 && echo two ${name} > /two`,
        "FROM busybox:1.35",
        "COPY --from=one /one /",
        "COPY --from=two /two /",
        "",
      ].join("\n"),
      ".vscode/settings.json": JSON.stringify({
        "imageBuilders.registries": [{ name: "plain", flavor: "default", configuration: { uri: plainRegistry() } }],
      }),
    });
    vsCode = await VsCode.open({ folder: root, viewport: { width: 1500, height: 1100 } });
  });
  after(async () => {
    await vsCode?.close();
    removeTemporaryFolders();
  });

  /** The page of the report: a frame in a frame. */
  function page(): FrameLocator {
    return vsCode.page.frameLocator("iframe.webview.ready:visible").last().frameLocator("iframe#active-frame");
  }

  async function build(folder: string, command: string, imageName: string): Promise<void> {
    const { workbench } = vsCode;
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem(folder), "Image Builders", command);
    await answer(vsCode, imageName);
  }

  async function openReport(imageName: string): Promise<void> {
    const { workbench } = vsCode;
    await workbench.openView("Image Builders");
    const row = workbench.treeItem(new RegExp(`${imageName},`));
    await row.hover();
    await row.getByRole("button", { name: "Show Build Report" }).click();
    await page().locator("#name").getByText(imageName).waitFor();
  }

  it("is drawn while the build runs, with stages that run at the same time in lanes of their own", async () => {
    await build("slow", "Build Image...", `${name}:slow`);
    await openReport(`${name}:slow`);
    for (const stage of ["one", "two"])
      await page()
        .getByRole("button", { name: new RegExp(`^\\[${stage} 2/2\\] RUN sleep 600.*, running, `) })
        .waitFor();
    const widths = page().locator('.bar[aria-label^="[one 2/2]"]');
    const before = await widths.getAttribute("aria-label");
    await until(async () => (await widths.getAttribute("aria-label")) !== before, "a running step grows");
    const lanes = await page().locator(".lane .stage").allInnerTexts();
    assert.ok(lanes.includes("one") && lanes.includes("two"), lanes.join(", "));
    await vsCode.screenshot("build-report-running");
    await vsCode.workbench.treeItem(new RegExp(`${name}:slow,`)).hover();
    await vsCode.workbench
      .treeItem(new RegExp(`${name}:slow,`))
      .getByRole("button", { name: "Cancel Build" })
      .click();
    await page()
      .getByRole("button", { name: /^\[one 2\/2\] RUN sleep 600.*, stopped, / })
      .waitFor();
    await page().locator("#facts").getByText("canceled", { exact: true }).waitFor();
  });

  it("shows the push, the layers, and what was sent once the build has ended", async () => {
    const { workbench } = vsCode;
    await build("web", "Build and Push Image...", `${name}:1`);
    await workbench.toast(/Pushed .*sha256:/).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await openReport(`${name}:1`);
    await page().locator("#facts").getByText("pushed", { exact: true }).waitFor();
    await page()
      .getByRole("button", { name: new RegExp(`/${name}:1, done, `) })
      .waitFor();
    const boxes = await Promise.all(
      ["[assets 3/3]", "[tool 2/2]"].map((step) => page().locator(`.bar[aria-label^="${step}"]`).boundingBox()),
    );
    const [one, two] = boxes;
    assert.ok(one && two && one.x < two.x + two.width && two.x < one.x + one.width, "they overlap on the axis");
    assert.notEqual(one?.y, two?.y);
    await page()
      .locator("#transfers")
      .getByText(/load build context/)
      .waitFor();
    await page()
      .locator("#layers")
      .getByText(/COPY .*\/assets/)
      .waitFor();
    const slowest = await page().locator("#slowest .what").allInnerTexts();
    assert.match(slowest[0] ?? "", /RUN sleep 3/);
    await vsCode.screenshot("build-report", ...bothThemes);
  });

  it("leads from a step to its line and to its log", async () => {
    await page().locator('.bar[aria-label^="[tool 2/2]"]').click();
    await page()
      .getByRole("button", { name: /^Show Log of Step: #/ })
      .waitFor();
    await vsCode.screenshot("build-report-step");
    await page().getByRole("button", { name: "Open Line: Dockerfile:5" }).click();
    await vsCode.page.locator(".part.statusbar").getByText("Ln 5, Col 1").waitFor();
    await page()
      .getByRole("button", { name: /^Show Log of Step: #/ })
      .click();
    await vsCode.page.locator(".tab.active").getByText(/\.log/).waitFor();
    const lines = vsCode.page.locator(".editor-group-container .view-lines");
    await until(
      async () =>
        /#\d+ \[tool 2\/2\] RUN sleep 2/.test((await lines.allInnerTexts()).join("\n").replaceAll("\u00a0", " ")),
      "the log shows the step",
    );
    const position = vsCode.page.locator(".part.statusbar").getByText(/^Ln \d+, Col 1$/);
    await until(async () => Number(/\d+/.exec(await position.innerText())?.[0]) > 5, "the cursor is at the step");
  });

  it("is a table for the keyboard and screen readers, with the same steps", async () => {
    await page().getByRole("button", { name: "Table" }).click();
    const table = page().locator("table");
    await table.waitFor();
    const header = (await table.locator("thead th").allInnerTexts()).map((text) => text.trim());
    assert.deepEqual(header, ["Step", "Stage", "State", "Start", "Duration", "Transferred", "Line", "Log"]);
    const row = table.locator("tbody tr").filter({ hasText: "RUN sleep 3" });
    assert.match(await row.innerText(), /assets\s+done\s+[\d.]+s\s+\d[\d.]*s/);
    await row.getByRole("button", { name: "Dockerfile:3" }).focus();
    await vsCode.page.keyboard.press("Enter");
    await vsCode.page.locator(".part.statusbar").getByText("Ln 3, Col 1").waitFor();
    await vsCode.screenshot("build-report-table");
  });

  it("shows what a second build had cached, and why not the rest, and is there again after a reload", async () => {
    const { workbench } = vsCode;
    writeFileSync(join(root, "web/pages/page.html"), `<b>two ${name}</b>\n`);
    const row = workbench.treeItem(new RegExp(`${name}:1,`));
    await row.hover();
    await row.getByRole("button", { name: "Rebuild" }).click();
    await workbench.toast(/Pushed .*sha256:/).waitFor();
    await workbench.command("Notifications: Clear All Notifications");
    await openReport(`${name}:1`);
    await page()
      .getByRole("button", { name: /^\[tool 2\/2\] RUN sleep 2.*, cached, / })
      .waitFor();
    await page().locator('.bar[aria-label^="[assets 3/3]"]').click();
    // The cause is a step, which leads to its own cause.
    await page()
      .locator("#details")
      .getByRole("button", { name: /^\[assets 2\/3\] COPY pages/ })
      .click();
    await page().getByRole("button", { name: "Exclude... pages/page.html (changed)" }).waitFor();
    await vsCode.screenshot("build-report-cause", ...bothThemes);
    await page().getByRole("button", { name: "Exclude... pages/page.html (changed)" }).click();
    const dialog = workbench.dialog('Exclude "pages/page.html" from the build context?');
    await vsCode.screenshot("build-report-exclude");
    await dialog.getByRole("button", { name: "Exclude" }).click();
    const ignoreFile = join(root, "web/.dockerignore");
    await until(
      () => existsSync(ignoreFile) && readFileSync(ignoreFile, "utf8") === "pages/page.html\n",
      "the file is excluded",
    );
    await page().getByRole("button", { name: "pages/page.html (changed)", exact: true }).click();
    await vsCode.page.locator(".tab.active").getByText("page.html").waitFor();
    await page().locator("#name").getByText(`${name}:1`).waitFor();
    await page().locator("#layersNote").getByText("Compared with the build of").waitFor();
    await vsCode.show(root);
    // Which of the two reports is in front depends on when VS Code last stored its layout.
    await page().locator("#facts").getByText("pushed", { exact: true }).waitFor();
  });
});
