import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { bothThemes, VsCode } from "../support/ui";
import { until } from "../support/until";

const files = {
  ".dockerignore": "# what stays out\n**/node_modules\n*.log\n!keep.log\n",
  ".git/HEAD": "ref: refs/heads/main\n",
  ".gitignore": "/models/\n*.tmp\n*.log\n",
  Dockerfile: "FROM scratch\nCOPY package.json /\nCOPY src /src\nCOPY models /models\nCOPY keep.log data /\n",
  "package.json": "{}\n",
  "src/app.js": "console.log(1);\n",
  "src/cache.tmp": Buffer.alloc(40_000),
  "data/train.parquet": Buffer.alloc(3_000_000),
  "data/old.tmp": Buffer.alloc(200_000),
  "models/encoder.bin": Buffer.alloc(800_000),
  "node_modules/left-pad/index.js": Buffer.alloc(12_000),
  "build.log": "x",
  "keep.log": "x",
  "notes.md": "x",
};

/** What is used of the page's own elements, whose types are not Node's. */
interface RowElement {
  readonly ownerDocument: {
    readonly defaultView: { getComputedStyle(element: unknown, part: string): { readonly content: string } };
  };
  querySelectorAll(selector: string): Iterable<unknown>;
}

/** Badges are no elements of their own. */
function badgesIn(row: RowElement): string {
  const { defaultView } = row.ownerDocument;
  return [...row.querySelectorAll("*")].map((each) => defaultView.getComputedStyle(each, "::after").content).join();
}

describe("an ignore file in the window", function () {
  this.timeout(180_000);
  let root: string;
  let vsCode: VsCode;

  before(async () => {
    root = temporaryFolder(files);
    vsCode = await VsCode.open({ folder: root, settings: { "imageBuilders.decorateExcluded": true } });
    await vsCode.workbench.openView("Explorer");
    await vsCode.workbench.treeItem(/^\.dockerignore/).dblclick();
  });
  after(async () => {
    await vsCode.close();
    removeTemporaryFolders();
  });

  /** A line of the editor by what is in it. */
  function line(text: string): Locator {
    return vsCode.page.locator(".editor-instance .view-line").filter({ hasText: text }).first();
  }
  function lens(words: RegExp): Locator {
    return vsCode.page.locator(".codelens-decoration").filter({ hasText: words }).first();
  }
  function text(): string {
    return readFileSync(join(root, ".dockerignore"), "utf8");
  }

  it("tells above each line what it does, and marks in the Explorer what stays out", async () => {
    await lens(/sends \d+ of \d+ files · .* — Show Build Context/).waitFor();
    await lens(/matches 1 file · 12.0 kB/).waitFor();
    await lens(/includes 1 file · 1 B/).waitFor();
    const row = vsCode.workbench.treeItem(/^node_modules/);
    await until(async () => (await row.evaluate(badgesIn)).includes("∅"), "node_modules is marked");
    await vsCode.screenshot("lenses", ...bothThemes);
  });

  it("tells on hover what a line means", async () => {
    await line("**/node_modules").locator("span span").first().hover();
    const hover = vsCode.page.locator(".monaco-hover:visible").first();
    await hover.getByText('Excludes every file or folder named "node_modules", at any depth.').waitFor();
    await hover.getByText("Matches 1 file").waitFor();
    await vsCode.screenshot("line-hover");
  });

  it("completes with what a line would stop sending", async () => {
    const { page, workbench } = vsCode;
    await line("!keep.log").click();
    await page.keyboard.press("Control+End");
    const suggestions = page.locator(".suggest-widget:visible");
    await workbench.press("Control+Space", suggestions.getByRole("option", { name: /data\/.*2 files/ }));
    await vsCode.screenshot("completion");
    await page.keyboard.press("Escape");
  });

  it("says why a file is not in the image, and goes to the line", async () => {
    const { workbench, page } = vsCode;
    const build = workbench.treeItem(/^build\.log/);
    await workbench.openSubmenu(build, "Image Builders");
    await workbench.menuItem("Explain Why File Is Included or Excluded").waitFor();
    await vsCode.screenshot("explorer-menu");
    await workbench.menuItem("Explain Why File Is Included or Excluded").click();
    const toast = workbench.toast(
      /"build\.log" \(1 B\) is not in the image: line 3 of \.dockerignore \(\*\.log\) excludes it\./,
    );
    await toast.waitFor();
    await vsCode.screenshot("explained");
    await toast.getByRole("button", { name: "Go to Line" }).click();
    await page
      .locator(".part.statusbar")
      .getByText(/Ln 3, /)
      .waitFor();
  });

  it("gets what Git ignores and the image would have got, and not what the Dockerfile copies by name", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Compare with .gitignore...");
    await workbench.quickPick("*.tmp").waitFor();
    await workbench.quickPick(/would fail/).waitFor();
    await vsCode.screenshot("compare-with-gitignore");
    await workbench.answering(() => workbench.quickInputBox().press("Enter"));
    await until(() => text().endsWith("!keep.log\n**/*.tmp\n"), "the line is added");
    await workbench.toast(/stops sending 2 files/).waitFor();
    await vsCode.screenshot("compared");
  });

  it("is written again from what the Dockerfile copies", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Generate .dockerignore...");
    await workbench.quickPick(/Include only files that the Dockerfile copies/).waitFor();
    await vsCode.screenshot("generate");
    await workbench.pick(/Include only files that the Dockerfile copies/);
    await until(() => text().startsWith("*\n!package.json\n"), "the file is written");
    assert.equal(
      text(),
      "*\n!package.json\n!src\n!models\n!keep.log\n!data\n# what stays out\n**/node_modules\n*.log\n!keep.log\n" +
        "**/*.tmp\n",
    );
    await lens(/sends 5 of 14 files/).waitFor();
    await vsCode.screenshot("generated");
  });
});
