import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { foreignSources, type ProjectFacts } from "../../../src/core/image/files/localSources";
import { readPyproject } from "../../../src/core/image/files/pyproject";
import { importedFiles } from "../../../src/core/image/files/pythonImports";
import { requirementFiles } from "../../../src/core/image/files/requirements";
import { installedWith, readUvLock } from "../../../src/core/image/files/uvLock";
import { workspaceOf } from "../../../src/core/image/files/workspace";
import { Image } from "../../../src/core/image/image";
import { projectParts } from "../../../src/core/image/resolve/projectParts";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { layerProblems, resolveLayers } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { overBudget } from "../../support/workTime";

const where = "withUvProject";
const start = Image.fromBase("a").clone({ name: "b", extendable: true });
/** For 100 kB of text, as what multiplies takes seconds, or never ends. */
const budgetMs = 200;

/** A text of 100 kB that says the same of each number. */
function each(say: (i: number) => string, length = 100_000): string {
  const parts: string[] = [];
  for (let i = 0, so = 0; so < length; i++) so += parts[parts.push(say(i)) - 1]?.length ?? 0;
  return parts.join("");
}

/** A folder with links to itself, by which each of its files is reached in endlessly many ways. */
function loops(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder(files);
  for (const name of ["a", "b"]) symlinkSync(".", join(root, name));
  return root;
}

function quick(work: () => unknown): void {
  assert.equal(overBudget(work, budgetMs), undefined);
}

function project(text: string): string {
  return join(temporaryFolder({ "pyproject.toml": text }), "pyproject.toml");
}

const factsOf = (file: string): ProjectFacts => ({
  where,
  project: readPyproject(where, file, undefined),
  workspace: undefined,
  lock: undefined,
  withGroups: true,
  within: undefined,
});

describe("links that lead back to their own folder", () => {
  after(removeTemporaryFolders);

  it("end a requirements file's includes in a sentence", () => {
    const root = loops({ "r.txt": "-r a/r.txt\n-c b/r.txt\n" });
    assert.throws(
      () => requirementFiles("withRequirements", join(root, "r.txt")),
      (error) => ImageBuilderError.is(error, "imageInvalid") && error.message.includes("Remove the links"),
    );
  });

  it("end the imports of Python files", () => {
    const root = loops({ "main.py": "from .a import main, other\nfrom .b import main\n", "other.py": "" });
    const found = importedFiles(root, ["main.py"]);
    assert.ok(["main.py", "a/main.py", "b/main.py", "a/other.py"].every((file) => found.includes(file)));
    assert.ok(found.length < 50, String(found.length));
  });

  it("end the sources of projects in a sentence", () => {
    const text = '[project]\nname="p"\ndependencies=["a","b"]\n[tool.uv.sources]\na={path="a"}\nb={path="b"}\n';
    const root = loops({ "pyproject.toml": text });
    assert.throws(
      () => foreignSources(factsOf(join(root, "pyproject.toml")), true),
      (error) => ImageBuilderError.is(error, "imageInvalid") && error.message.includes("Remove the links"),
    );
  });

  it("are no harm where a file is reached in a few ways", () => {
    const root = temporaryFolder({ "lib/r.txt": "six\n", "r.txt": "-r lib/r.txt\n-r one/r.txt\n-r two/r.txt\n" });
    for (const name of ["one", "two"]) symlinkSync("lib", join(root, name));
    assert.deepEqual(requirementFiles("withRequirements", join(root, "r.txt")).paths, [
      "r.txt",
      "lib/r.txt",
      "one/r.txt",
      "two/r.txt",
    ]);
  });
});

describe("a project's file of 100 kB", () => {
  after(removeTemporaryFolders);

  it("with groups that include one another is read in one pass", () => {
    const file = project(`[dependency-groups]\n${each((i) => `g${i}=["a",{include-group="g${i + 1}"}]\n`)}`);
    quick(() => readPyproject(where, file, undefined));
    quick(() =>
      readPyproject(where, file, undefined).groups.dependenciesOf(Array.from({ length: 3000 }, (_, i) => `g${i}`)),
    );
  });

  it("with groups of equal names is read in one pass", () => {
    const name = (i: number) =>
      Array.from("abcdefghijklmnop", (c, at) => ((i >> at) & 1 ? c.toUpperCase() : c)).join("");
    const file = project(`[dependency-groups]\n${each((i) => `${name(i)}=["a"]\n`)}`);
    quick(() => readPyproject(where, file, undefined));
  });

  it("has its groups' dependencies in the order in which they include one another, each once", () => {
    const { groups, furtherDependencies } = readPyproject(
      where,
      project(
        '[dependency-groups]\none=["a",{include-group="Two"},"b"]\ntwo=["c",{include-group="one"}]\nthree=["d"]\n' +
          '[tool.uv]\ndev-dependencies=["e"]\n',
      ),
      undefined,
    );
    assert.deepEqual(groups.dependenciesOf(["one"]), ["a", "b", "c"]);
    assert.deepEqual(groups.dependenciesOf(["three", "two", "one", "none"]), ["d", "c", "a", "b"]);
    assert.deepEqual(furtherDependencies, ["e", "a", "b", "c", "d"]);
    assert.deepEqual([...groups.keys()], ["dev", "one", "two", "three"]);
  });

  for (const [what, members, exclude] of [
    ["members and exclusions", (i: number) => `"${i}",`, (i: number) => `"${i}x",`],
    ["patterns", (i: number) => `"*${i}",`, (i: number) => `"**/${i}/**",`],
    ["deep members", () => `"${"a/".repeat(20_000)}",`, () => `"${"**/".repeat(10_000)}",`],
  ] as const) {
    it(`with thousands of ${what} is refused or read in little time`, () => {
      const root = temporaryFolder({
        "pyproject.toml":
          `[project]\nname="a"\n[tool.uv.workspace]\nmembers=[${each(members, 50_000)}"x*"]\n` +
          `exclude=[${each(exclude, 50_000)}]\n`,
        ...Object.fromEntries(
          Array.from({ length: 300 }, (_, i) => [`x${i}/pyproject.toml`, `project={name="x${i}"}`]),
        ),
      });
      quick(() => {
        try {
          workspaceOf(where, readPyproject(where, join(root, "pyproject.toml"), undefined));
        } catch (error) {
          assert.ok(ImageBuilderError.is(error, "imageInvalid"), String(error));
        }
      });
    });
  }

  it("with packages of one name is followed in one pass", () => {
    const text = each(() => '[[package]]\nname="a"\ndependencies=[{name="a"}]\n');
    const own = '[[package]]\nname="p"\nsource={editable="."}\ndependencies=[{name="a"}]\n';
    const lock = readUvLock(where, join(temporaryFolder({ "uv.lock": text + own }), "uv.lock"), undefined);
    assert.equal(installedWith(lock, "p", true).length, lock.packages.length);
    quick(() => installedWith(lock, "p", true));
  });

  it("with thousands of extras and groups is compared with what an image wants in one pass", () => {
    const extras = Array.from({ length: 3000 }, (_, i) => `e${i}`);
    const root = temporaryFolder({
      "pyproject.toml": `[project.optional-dependencies]\n${each((i) => `e${i}=["a"]\n`)}`,
      "poetry.lock": each((i) => `[[package]]\nname="p${i}"\ngroups=["x"]\nsource={type="directory",url="."}\n`),
    });
    const layer = start.withPoetryProject("pyproject.toml", { extras, groups: [] });
    quick(() => resolveLayers(layer, { root }));
    const plain = start.withUvProject("pyproject.toml", { extras: extras.map(() => "e1") });
    quick(() => resolveLayers(plain, { root, installer: "pip" }));
  });

  it("that thousands of folders stand in is made into parts in one pass", () => {
    const root = temporaryFolder({ "pyproject.toml": "" });
    const localSources = Array.from({ length: 5000 }, (_, i) => join(root, `d${i}`));
    for (const folder of localSources) mkdirSync(folder);
    const [step] = resolveLayers(start.withUvProject("pyproject.toml"), { root }).steps;
    assert.ok(step?.kind === "uvProject");
    const memberFiles = localSources.map((folder) => join(folder, "pyproject.toml"));
    const whole = { ...step, localSources, memberFiles };
    assert.equal(projectParts(whole).length, localSources.length + 1);
    assert.equal(
      overBudget(() => projectParts(whole), 500),
      undefined,
    );
  });

  it("is read once, however many layers name it", () => {
    const root = temporaryFolder({
      "pyproject.toml": '[project]\nname="p"\n',
      "uv.lock": each((i) => `[[package]]\nname="p${i}"\nversion="1"\n`),
      "r.txt": each((i) => `p${i}==1\n`),
    });
    const spec = "from: {base: a}\nclone: {name: b}\nlayers:\n";
    const layers = "  - uvProject: pyproject.toml\n  - requirements: r.txt\n".repeat(150);
    const { image } = readImageSpec(spec + layers, "a.image.yaml");
    assert.ok(image);
    assert.equal(
      overBudget(() => layerProblems(image, { root }), 600),
      undefined,
    );
  });

  it("is read again for the next image", () => {
    const root = temporaryFolder({ "r.txt": "a\n", "s.txt": "b\n" });
    const paths = () => {
      const [step] = resolveLayers(start.withRequirements("r.txt"), { root }).steps;
      return step?.kind === "requirements" ? step.files.paths : [];
    };
    assert.deepEqual(paths(), ["r.txt"]);
    writeFileSync(join(root, "r.txt"), "-r s.txt\n");
    assert.deepEqual(paths(), ["r.txt", "s.txt"]);
  });

  it("that imports thousands of names of a deep folder is followed in little time", () => {
    const deep = "a/".repeat(1000);
    const root = temporaryFolder();
    let folder = root;
    // Longer paths than the system takes at once.
    for (let i = 0; i < 1000; i++) mkdirSync((folder = join(folder, "a")));
    writeFileSync(join(folder, "b1.py"), "");
    writeFileSync(
      join(root, "main.py"),
      `from ${deep.slice(0, -1).replaceAll("/", ".")} import (${each((i) => `b${i},`)})\n`,
    );
    assert.ok(importedFiles(root, ["main.py"]).includes(`${deep}b1.py`));
    quick(() => importedFiles(root, ["main.py"]));
  });
});
