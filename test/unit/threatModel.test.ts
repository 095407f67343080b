import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/setup/paths.mjs";

const text = readFileSync(join(root, "docs/threat-model.md"), "utf8");

/** Rows of the tables: the sections' names, the cells, and the tests that the last one names. */
const rows = text
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [party = "", ...lines] = section.split("\n");
    const tableLines = lines.filter((line) => line.startsWith("| ") && !line.startsWith("| ---")).slice(1);
    return tableLines.map((line) => {
      const [reach = "", stop = "", tests = ""] = line.slice(2, -2).split(" | ");
      return {
        party,
        reach,
        stop,
        tests: tests
          .split("<br>")
          .map((test) => /^`(test\/\S+\.test\.ts)`: `(.+)`$/.exec(test)?.slice(1) ?? [test, ""]),
      };
    });
  });

/** The titles of tests in a file, as its source has them; a place for a value is `…`. */
function titlesOf(file: string): Set<string> {
  const source = readFileSync(join(root, file), "utf8");
  const titles = [
    ...source.matchAll(/\b(?:it|describe)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g),
  ];
  return new Set(
    titles.map(([, double, single, template]) =>
      (double ?? single ?? template ?? "").replaceAll(/\$\{[^}]*\}/g, "…").replaceAll(/\\(.)/g, "$1"),
    ),
  );
}

describe("the threat model", () => {
  for (const party of [
    "A folder",
    "An image",
    "A registry",
    "A daemon",
    "Another extension, an image module, a flavor",
    "A credential helper, and other tools",
    "The network",
  ]) {
    it(`says of ${party.toLowerCase()} what it can reach, what stops it, and by which test`, () => {
      const own = rows.filter((row) => row.party === party);
      assert.ok(own.length >= 4, `${own.length} rows`);
      for (const { reach, stop, tests } of own) {
        assert.ok(reach !== "" && stop !== "", reach);
        for (const [file = "", title = ""] of tests) {
          assert.ok(title !== "" && existsSync(join(root, file)), `${reach}: "${file}" is no test file`);
          assert.ok(titlesOf(file).has(title), `${reach}: ${file} has no test "${title}"`);
        }
      }
    });
  }

  it("is what SECURITY.md leads to", () => {
    assert.match(readFileSync(join(root, "SECURITY.md"), "utf8"), /\(docs\/threat-model\.md\)/);
  });
});
