import assert from "node:assert/strict";
import { join, sep } from "node:path";
import { isAllowed, noticesOf, packagesOf, problemsOf } from "../../../scripts/check/packages.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** As the list of the bundles' files has it. */
const slashed = (path: string): string => path.replaceAll(sep, "/");

describe("the licenses of bundled packages", () => {
  after(removeTemporaryFolders);

  /** A package as it is installed. */
  function installed(fields: object, files: Readonly<Record<string, string>> = {}) {
    const folder = join(
      temporaryFolder(
        Object.fromEntries(
          [
            ["package.json", JSON.stringify({ name: "a", version: "1.0.0", ...fields })],
            ["index.js", ""],
            ...Object.entries(files),
          ].map(([path = "", text = ""]) => [`node_modules/a/${path}`, text]),
        ),
      ),
      "node_modules/a",
    );
    const [found] = packagesOf([slashed(join(folder, "index.js"))]);
    assert.ok(found);
    return found;
  }

  it("are those of the innermost package of each file, each package once", () => {
    const folder = temporaryFolder({
      "node_modules/outer/package.json": '{"name":"outer","version":"1.0.0","license":"MIT"}',
      "node_modules/outer/node_modules/@scope/inner/package.json":
        '{"name":"@scope/inner","version":"2.0.0","license":"ISC"}',
    });
    const files = [
      "node_modules/outer/a.js",
      "node_modules/outer/lib/b.js",
      "node_modules/outer/node_modules/@scope/inner/lib/c.js",
      "src/d.ts",
    ];
    const found = packagesOf(files.map((file) => slashed(join(folder, file))));
    assert.deepEqual(
      found.map(({ name, version, license }) => `${name} ${version} ${license}`),
      ["@scope/inner 2.0.0 ISC", "outer 1.0.0 MIT"],
    );
  });

  for (const expression of ["MIT", "(MIT OR GPL-3.0-only)", "GPL-2.0-only OR CC0-1.0", "MIT AND Apache-2.0", "0BSD"]) {
    it(`"${expression}" is allowed`, () => assert.ok(isAllowed(expression)));
  }
  for (const expression of [
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "UNLICENSED",
    "SEE LICENSE IN LICENSE",
    "mit-like",
    "(MIT OR (ISC))",
    "",
  ]) {
    it(`"${expression}" is refused`, () => assert.ok(!isAllowed(expression)));
  }

  it("are refused when a package names none, one that is not allowed, or ships no text of it", () => {
    assert.match(problemsOf(installed({})).join(), /a 1\.0\.0 names no license/);
    assert.match(
      problemsOf(installed({ license: "AGPL-3.0-only" }, { LICENSE: "text" })).join(),
      /license "AGPL-3\.0-only", which is not on the list/,
    );
    assert.match(problemsOf(installed({ license: "MIT" })).join(), /ships no text of its license "MIT"/);
    assert.deepEqual(problemsOf(installed({ license: "MIT" }, { "license.md": "text" })), []);
  });

  it("are shipped with their texts and notices, and a standard text where a package has none", () => {
    const notices = noticesOf([
      installed({ license: "Apache-2.0" }, { LICENSE: "the license", NOTICE: "the notice" }),
      installed({ license: "ISC", author: { name: "A. Author" } }),
    ]);
    assert.match(notices, /a 1\.0\.0 \(Apache-2\.0\)\n\nthe license\n\nthe notice\n/);
    assert.match(notices, /Copyright \(c\) A\. Author\n\nPermission to use, copy/);
  });
});
