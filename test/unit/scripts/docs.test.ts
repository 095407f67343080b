import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allSettings, type SettingsGroup } from "../../support/settingsGroups";

const mostLines = 70;
const readme = readFileSync("README.md", "utf8");
const docs = readdirSync("docs").filter((name) => name.endsWith(".md"));
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...docs.map((name) => `docs/${name}`)];

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the documentation", () => {
  it(`begins with a README of one screen, at most ${mostLines} lines, with pictures of the extension`, () => {
    assert.ok(readme.split("\n").length <= mostLines, `${readme.split("\n").length} lines`);
    const pictures = linksOf(readme).filter((link) => link.endsWith(".png"));
    assert.ok(pictures.length >= 2);
    for (const picture of pictures) assert.equal(readFileSync(picture).subarray(1, 4).toString(), "PNG", picture);
  });

  it("is reached from the README, page by page", () => {
    const linked = new Set(linksOf(readme));
    // The threat model is linked from SECURITY.md, which the README names.
    const others = docs.filter((name) => name !== "threat-model.md");
    assert.deepEqual(
      others.filter((name) => !linked.has(`docs/${name}`)),
      [],
    );
  });

  for (const page of pages)
    it(`has only links that lead somewhere, in ${page}`, () => {
      for (const link of linksOf(readFileSync(page, "utf8"))) {
        const [path = "", anchor] = link.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        assert.ok(existsSync(file), `${page}: ${link}`);
        if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `${page}: ${link}`);
      }
    });

  it("lists every setting", () => {
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
      contributes: { configuration: readonly SettingsGroup<unknown>[] };
    };
    const listed = readFileSync("docs/settings.md", "utf8");
    for (const id of Object.keys(allSettings(contributes.configuration))) assert.ok(listed.includes(`\`${id}\``), id);
  });
});
