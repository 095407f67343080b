import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { ftruncateSync, openSync, closeSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readSmallBytes } from "../../../src/core/border/readSmallFile";
import { readIgnoreList } from "../../../src/core/context/files/ignoreFile";
import { importedFiles } from "../../../src/core/image/files/pythonImports";
import { Image } from "../../../src/core/image/image";
import { plannedPreview } from "../../support/plannedBuild";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { temporaryFolder } from "../../support/folder";
import { assertPlain } from "../../support/hostileAnswers";
import { overBudget } from "../../support/workTime";

const budgetMs = 50;
const start = Image.fromBase("a").clone({ name: "b", extendable: true });

/** A text of 100 kB that says the same of each number. */
function each(say: (i: number) => string): string {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < 100_000; i++) length += parts[parts.push(say(i)) - 1]?.length ?? 0;
  return parts.join("");
}

/** Makes a file that has a size and takes no room. */
function sparse(file: string, bytes: number): string {
  const fd = openSync(file, "w");
  ftruncateSync(fd, bytes);
  closeSync(fd);
  return file;
}

describe("the imports of a Python file", () => {
  it("are followed through packages, up and down, and to names that are modules", () => {
    const root = temporaryFolder({
      "main.py": "import app.web, os\nfrom app import (one,  # a comment\n  two as x)\n",
      "app/__init__.py": "",
      "app/one.py": "from . import three\nfrom .. import helper\nfrom ..other.deep import y\n",
      "app/two.py": "from ... import outside\n",
      "app/three.py": "",
      "app/unused.py": "",
      "app/web/__init__.py": "from .routes import all\n",
      "app/web/routes.py": "",
      "helper.py": "",
      "other/deep.py": "",
    });
    assert.deepEqual(importedFiles(root, ["main.py"]), [
      "app/__init__.py",
      "app/one.py",
      "app/three.py",
      "app/two.py",
      "app/web/__init__.py",
      "app/web/routes.py",
      "helper.py",
      "main.py",
      "other/deep.py",
    ]);
  });

  it("that are links to nothing are no files", () => {
    const root = temporaryFolder({ "main.py": "import gone\n" });
    symlinkSync("nowhere.py", join(root, "gone.py"));
    assert.deepEqual(importedFiles(root, ["main.py"]), ["main.py"]);
  });

  for (const [what, text] of [
    ["of 100,000 packages above", `from ${".".repeat(100_000)} import a\n`],
    ["of one name again and again", `import ${"a,".repeat(50_000)}\n`],
    ["of thousands of names", `from a import (${each((i) => `b${i},`)})\n`],
    ["of thousands of names of a long module", `from ${"a".repeat(4000)} import ${each((i) => `b${i},`)}\n`],
    ["of deep modules", each((i) => `import ${"a.".repeat(500)}b${i}\n`)],
    ["of the deepest modules", each((i) => `import ${"a.".repeat(2000)}b${i}\n`)],
    ["of other deep modules", each((i) => `import x${i}.${"a.".repeat(1000)}b\n`)],
  ] as const) {
    it(`${what} are followed in no time`, () => {
      const root = temporaryFolder({ "main.py": text, "a/b.py": "" });
      assert.equal(
        overBudget(() => importedFiles(root, ["main.py"]), budgetMs),
        undefined,
      );
    });
  }
});

describe("a project's file", () => {
  for (const [file, image] of [
    ["pyproject.toml", start.withUvProject("pyproject.toml")],
    ["uv.lock", start.withUvProject("pyproject.toml")],
  ] as const) {
    it(`that is no TOML is refused in a sentence that does not quote it: ${file}`, async () => {
      const broken = 'token = "hunter2\n';
      const root = temporaryFolder({
        "pyproject.toml": "[project]\nname = 'a'\n",
        "uv.lock": "version = 1\n",
        [file]: broken,
      });
      await assert.rejects(plannedPreview(image, { root, installer: "pip" }), (error) => {
        assertPlain(error, file);
        assert.equal(error.code, "imageInvalid");
        assert.ok(!error.message.includes("hunter2"));
        return true;
      });
    });
  }

  for (const [file, image] of [
    ["pyproject.toml", start.withUvProject("pyproject.toml")],
    ["requirements.txt", start.withRequirements("requirements.txt")],
    ["a.py", start.withCodeBundle({ copyStyle: "loaded_modules" })],
  ] as const) {
    it(`of a gigabyte is refused before it is read: ${file}`, () => {
      const root = temporaryFolder({ "pyproject.toml": "" });
      sparse(join(root, file), 2 ** 30);
      const before = process.memoryUsage().rss;
      assert.throws(
        () => resolveImage(image, { root }),
        (error) => {
          assertPlain(error, file);
          return error.code === "imageFileMissing" && error.message.includes("larger than 8 MiB");
        },
      );
      assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
    });
  }

  it("of a gigabyte is refused as an ignore file", () => {
    const file = sparse(join(temporaryFolder(), ".dockerignore"), 2 ** 30);
    const read = () => readIgnoreList(file, { builder: "buildkit", alwaysInclude: [], warn: () => {} });
    assert.throws(read, (error) => (assertPlain(error, file), error.message.includes("larger than 8 MiB")));
  });

  it("that is a link to a device without an end is no file", async () => {
    const file = join(temporaryFolder(), ".dockerignore");
    symlinkSync("/dev/zero", file);
    await assert.rejects(readSmallBytes(file), /it is not a file/);
  });

  for (const [what, files, image] of [
    [
      "a header nested 3,000 deep",
      { "a.py": `# /// script\n# [tool.uv]\n# config-settings.${"a.".repeat(3000)}b = 1\n# ///\n` },
      Image.fromUvScript("a.py", { name: "a", registry: "r.io/x" }),
    ],
    ["a null character in a path", { "r.txt": "-r a\0b\n" }, start.withRequirements("r.txt")],
  ] as const)
    it(`is refused in a sentence for ${what}`, () => {
      assert.throws(
        () => resolveImage(image, { root: temporaryFolder(files) }),
        (error) => (assertPlain(error, what), !error.message.includes("argument")),
      );
    });

  it("whose lock has odd names of packages is read without them", () => {
    const lock = 'package=[1,{name={a=1},source={type="directory",url="a"}}]';
    const root = temporaryFolder({ "pyproject.toml": "", "poetry.lock": lock });
    const [step] = resolveImage(start.withPoetryProject("pyproject.toml"), { root }).steps;
    assert.deepEqual(step?.kind === "poetryProject" && step.localSources, []);
  });

  it("that is a pipe holds up no proposal", async () => {
    const root = temporaryFolder({ "requirements.txt": "" });
    for (const name of ["pyproject.toml", "script.py"]) execFileSync("mkfifo", [join(root, name)]);
    const proposals = await proposeSpecs(root);
    assert.deepEqual(
      proposals.map(({ kind }) => kind),
      ["uvProject", "requirements", "empty"],
    );
  }).timeout(5000);
});
