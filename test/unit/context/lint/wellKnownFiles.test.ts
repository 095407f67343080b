import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { lintSetting } from "./support";
import { fixture } from "./support";

/** A fixture's sections by their names. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.split(/^=== (.*)\n/m).slice(1);
  return new Map(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ""] as const] : [])));
}

const lines = (text = ""): string[] => text.split("\n").filter(Boolean);

/** `line code severity`; what follows a colon argues why it is right. */
const expected = (text = ""): string[] => lines(text).map((line) => line.split(":")[0] ?? "");

describe("ignore files in the style of well-known projects", () => {
  const names = readdirSync(join(import.meta.dirname, "../../../fixtures/ignore-files"));

  it("are at least forty", () => assert.ok(names.length >= 40));

  for (const name of names) {
    it(`of ${name.replace(".txt", "")} have no finding that is not argued`, async () => {
      const sections = sectionsOf(fixture(name));
      const others = ["tree", "findings", ".dockerignore"];
      const dockerfiles = Object.fromEntries([...sections].filter(([section]) => !others.includes(section)));
      const findings = await lintSetting({
        text: sections.get(".dockerignore"),
        files: [...lines(sections.get("tree")), ...Object.keys(dockerfiles)],
        dockerfiles,
        alwaysInclude: [".zen"],
      });
      const found = findings.map(
        ({ file, range, code, severity }) =>
          `${file === ".dockerignore" ? "" : `${file} `}${range.line} ${code} ${severity}`,
      );
      assert.deepEqual(
        found,
        expected(sections.get("findings")),
        findings.map(({ range, message }) => `${range.line}: ${message}`).join("\n"),
      );
    });
  }
});
