import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import { pythonFor, satisfies } from "../../../src/core/image/definition/pythonVersion";
import { readScript } from "../../../src/core/image/files/uvScript";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProject } from "../../support/imageProject";

const start = Image.fromBase("busybox").clone({ name: "app", extendable: true });
const script = (path: string): Image => Image.fromUvScript(path, { name: "app" });

describe("validating an image", () => {
  let root: string;
  before(() => {
    root = imageProject({
      "no-lock/pyproject.toml": "[project]\n",
      "no-header.py": "print(1)\n",
      "bad.py": '# /// script\n# dependencies = ["a"\n# ///\n',
      "old.py": '# /// script\n# requires-python = "<3"\n# ///\n',
      "odd.py": '# /// script\n# requires-python = "newest"\n# ///\n',
      "script.txt": "",
      "broken/pyproject.toml": "[project\n",
      "include.txt": "-r gone.txt\n",
      "sources/pyproject.toml": '[tool.uv.sources]\nx = { path = "../gone" }\n',
      "empty/readme": "",
    });
  });
  after(removeTemporaryFolders);

  const refused: readonly (readonly [
    title: string,
    image: Image,
    code: "imageFileMissing" | "imageInvalid",
    message: RegExp,
  ])[] = [
    [
      "missing requirements [F29]",
      start.withRequirements("gone.txt"),
      "imageFileMissing",
      /^withRequirements: the file ".*gone\.txt" doesn't exist\. Create it/,
    ],
    [
      "requirements that include what is missing",
      start.withRequirements("include.txt"),
      "imageFileMissing",
      /^withRequirements: the file ".*gone\.txt" doesn't exist/,
    ],
    [
      "a missing project [F45]",
      start.withUvProject("gone/pyproject.toml"),
      "imageFileMissing",
      /^withUvProject: the file ".*pyproject\.toml" doesn't exist/,
    ],
    [
      "a project's file that is a folder [F45]",
      start.withUvProject("proj"),
      "imageFileMissing",
      /^withUvProject: ".*proj" is not a file/,
    ],
    [
      "a named lock file that is missing [F45]",
      start.withUvProject("proj/pyproject.toml", { uvlock: "gone.lock" }),
      "imageFileMissing",
      /^withUvProject: the file ".*gone\.lock" doesn't exist/,
    ],
    [
      "a project that is no TOML",
      start.withUvProject("broken/pyproject.toml"),
      "imageInvalid",
      /^withUvProject: ".*broken[\\/]pyproject\.toml" is not valid TOML \(line 1\)/,
    ],
    [
      "a missing Poetry project [F46]",
      start.withPoetryProject("gone/pyproject.toml"),
      "imageFileMissing",
      /^withPoetryProject: the file ".*" doesn't exist/,
    ],
    [
      "a Poetry project without a lock file [F40] [F46]",
      start.withPoetryProject("no-lock/pyproject.toml"),
      "imageFileMissing",
      /^withPoetryProject: the file ".*no-lock[\\/]poetry\.lock" doesn't exist/,
    ],
    ["a missing script [F47]", script("gone.py"), "imageFileMissing", /^fromUvScript: the file ".*" doesn't exist/],
    ["a script that is a folder [F47]", script("proj"), "imageFileMissing", /^fromUvScript: ".*proj" is not a file/],
    [
      "a script of another kind [F47]",
      script("script.txt"),
      "imageInvalid",
      /^fromUvScript: ".*script\.txt" does not end in "\.py"/,
    ],
    [
      "a script without a header [F72]",
      script("no-header.py"),
      "imageInvalid",
      /has no uv metadata block\. Start it with/,
    ],
    [
      "a script whose header is no TOML [F72]",
      script("bad.py"),
      "imageInvalid",
      /the metadata block of ".*bad\.py" is not valid TOML, in line \d of the block/,
    ],
    [
      "a script for no Python there is [F73]",
      script("old.py"),
      "imageInvalid",
      /no Python version from 3\.9 to 3\.14 matches requires-python "<3"/,
    ],
    [
      "a script for what is no version [F73]",
      script("odd.py"),
      "imageInvalid",
      /requires-python is "newest", which is not a valid version specifier/,
    ],
    [
      "a missing folder [F48] [F93]",
      start.withSourceFolder("gone"),
      "imageFileMissing",
      /^withSourceFolder: the folder ".*gone" doesn't exist/,
    ],
    [
      "a file for a folder [F48]",
      start.withSourceFolder("a.txt"),
      "imageFileMissing",
      /^withSourceFolder: ".*a\.txt" is not a folder/,
    ],
    [
      "a missing file [F48] [F93]",
      start.withSourceFile("gone"),
      "imageFileMissing",
      /^withSourceFile: the file ".*gone" doesn't exist/,
    ],
    [
      "a folder for a file [F48]",
      start.withSourceFile("proj"),
      "imageFileMissing",
      /^withSourceFile: ".*proj" is not a file/,
    ],
    [
      "a path below a file",
      start.withSourceFile("a.txt/b"),
      "imageFileMissing",
      /the file ".*" doesn't exist|can't access the file/,
    ],
    [
      "a missing ignore file [F95]",
      start.withDockerignore("gone"),
      "imageFileMissing",
      /^withDockerignore: the file ".*gone" doesn't exist/,
    ],
    [
      "a folder without wheels [F42]",
      start.withLocalV2Plugins("flyteplugins-x"),
      "imageFileMissing",
      /the folder ".*plugins[\\/]x[\\/]dist" doesn't exist/,
    ],
    [
      "a missing Dockerfile",
      Image.fromDockerfile("gone", { registry: "r.io", name: "a" }),
      "imageFileMissing",
      /^fromDockerfile: the file ".*" doesn't exist/,
    ],
  ];
  for (const [title, image, code, message] of refused) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(
        image.validate({ root }),
        (error) => (ImageBuilderError.is(error, code) && message.test(error.message)) || assert.fail(String(error)),
      );
    });
  }

  it("names the first layer that fails [F44]", async () => {
    const image = start.withAptPackages("git").withRequirements("gone.txt").withSourceFolder("gone");
    await assert.rejects(image.validate({ root }), /^ImageBuilderError: withRequirements/);
  });

  it("accepts what is there, and a definition says nothing of what is not [F44] [F95]", async () => {
    await start
      .withRequirements("requirements.txt")
      .withUvProject("proj/pyproject.toml")
      .withPoetryProject("proj/pyproject.toml")
      .withSourceFolder("proj")
      .withLocalV2()
      .validate({ root });
    assert.ok(start.withDockerignore("gone").withRequirements("gone.txt"));
  });

  it("takes the lock file beside a project, if there is one [F38]", () => {
    const lockOf = (path: string) =>
      resolveImage(start.withUvProject(path), { root }).steps.map((step) => step.kind === "uvProject" && step.lock);
    assert.deepEqual(lockOf("proj/pyproject.toml"), [join(root, "proj/uv.lock")]);
    assert.deepEqual(lockOf("no-lock/pyproject.toml"), [undefined]);
  });
});

describe("the header of a script", () => {
  after(removeTemporaryFolders);

  it("tells Python, packages and projects on this machine [F72] [F74]", () => {
    const folder = resolve("/opt/my p");
    const root = temporaryFolder({
      "s.py":
        '#!/usr/bin/env python\n\n# /// script\n# requires-python = ">=3.11"\n#\n# dependencies = [\n' +
        '#   "httpx",  # a comment\n#   "p @ ' +
        pathToFileURL(folder).href +
        '",\n#   "q @ file://q",\n# ]\n# [tool.uv]\n# exclude-newer = "2024-01-01T00:00:00Z"\n# ///\nimport httpx\n',
    });
    assert.deepEqual(readScript(root, "s.py"), {
      requiresPython: ">=3.11",
      packages: ["httpx"],
      projects: [folder, join(root, "q")],
      uv: { "exclude-newer": "2024-01-01T00:00:00Z" },
    });
  });

  const wrong = ["file:///opt/a%2Fb", "file:///opt/%zz", ...(process.platform === "win32" ? ["file:///opt/p"] : [])];
  for (const url of wrong) {
    it(`is refused where "${url}" names no folder`, () => {
      const root = temporaryFolder({ "s.py": `# /// script\n# dependencies = ["p @ ${url}"]\n# ///\n` });
      assert.throws(
        () => readScript(root, "s.py"),
        (error) => ImageBuilderError.is(error, "imageInvalid") && error.message.includes(`"p @ ${url}" of`),
      );
    });
  }

  it("is read again each time [F75]", () => {
    const root = temporaryFolder({ "s.py": '# /// script\n# dependencies = ["a"]\n# ///\n' });
    assert.deepEqual(readScript(root, "s.py").packages, ["a"]);
    writeFiles(root, { "s.py": '\uFEFF# /// script\r\n# dependencies = ["b"]\r\n# ///\r\n' });
    assert.deepEqual(readScript(root, "s.py").packages, ["b"]);
  });

  const pythons: readonly (readonly [requirement: string | undefined, version: readonly [number, number]])[] = [
    [undefined, [3, 12]],
    [">=3.12", [3, 12]],
    [">=3.9", [3, 12]],
    [">=3.13", [3, 13]],
    [">=3.10,<3.12", [3, 11]],
    ["<3.12", [3, 11]],
    ["==3.11.*", [3, 11]],
    ["==3.11.4", [3, 11]],
    ["~=3.11", [3, 12]],
    ["~=3.11.2", [3, 11]],
    ["!=3.12.*", [3, 11]],
    [">3.12", [3, 12]],
    [">=3.12.4", [3, 12]],
    ["<=3.11", [3, 10]],
  ];
  for (const [requirement, version] of pythons) {
    it(`with requires-python ${requirement ?? "left out"} means ${version.join(".")} [F73]`, () =>
      assert.deepEqual(pythonFor("test", requirement), version));
  }

  it("asks for a Python as packaging does", () => {
    assert.ok(satisfies("test", [3, 12], "!=3.12.1"));
    assert.ok(!satisfies("test", [3, 12], ">=3.12,<3.12"));
    assert.ok(satisfies("test", [3, 12], "!=3.12"));
    assert.ok(!satisfies("test", [3, 12], "!=3.12.*"));
    assert.ok(satisfies("test", [3, 13], "!=3.12.*"));
  });
});
