import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProject } from "../../support/imageProject";
import { start, tag } from "./tagSupport";

const everything = start
  .withRequirements("requirements.txt")
  .withUvProject("proj/pyproject.toml")
  .withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" })
  .withPoetryProject("proj/pyproject.toml")
  .withSourceFolder("proj")
  .withSourceFile("a.txt")
  .withLocalV2();

describe("the URI of an image", () => {
  let root: string;
  beforeEach(() => void (root = imageProject()));
  after(removeTemporaryFolders);

  const changes: readonly (readonly [title: string, change: (root: string) => void])[] = [
    ["a byte of a copied file", (root) => writeFiles(root, { "a.txt": "y\n" })],
    ["a byte of requirements", (root) => writeFiles(root, { "requirements.txt": "httpx==0.27.1\n" })],
    ["a byte deep in a folder", (root) => writeFiles(root, { "proj/src/pkg/__init__.py": "print(2)\n" })],
    [
      "a file's name in a folder",
      (root) => renameSync(join(root, "proj/src/pkg/__init__.py"), join(root, "proj/src/pkg/main.py")),
    ],
    [
      "where a slash is in a path",
      (root) => (
        mkdirSync(join(root, "proj/srcp")),
        renameSync(join(root, "proj/src/pkg/__init__.py"), join(root, "proj/srcp/kg__init__.py"))
      ),
    ],
    ["what may be executed", (root) => chmodSync(join(root, "proj/src/pkg/__init__.py"), 0o755)],
    ["a new link", (root) => symlinkSync("src", join(root, "proj/link"))],
    ["a lock file", (root) => writeFiles(root, { "proj/poetry.lock": "package = []\n" })],
    ["a wheel", (root) => writeFiles(root, { "dist/flyte-2.0.0-py3-none-any.whl": "another wheel" })],
    ["a file gone", (root) => rmSync(join(root, "proj/src/pkg/__init__.py"))],
  ];
  for (const [title, change] of changes) {
    it(`has another tag after a change of ${title} [F56]`, async () => {
      const before = await tag(everything, root);
      change(root);
      assert.notEqual(await tag(everything, root), before);
    });
  }

  it("has another tag for a link that leads elsewhere", async () => {
    symlinkSync("src", join(root, "proj/link"));
    const before = await tag(everything, root);
    rmSync(join(root, "proj/link"));
    symlinkSync("srd", join(root, "proj/link"));
    assert.notEqual(await tag(everything, root), before);
  });

  it("has the same tag after times, rights of others and the order of a listing have changed [F56] [F57]", async () => {
    writeFiles(
      root,
      Object.fromEntries(
        ["b", "a", "ü", "😀", "a-b", "a.b"].flatMap((name) => [
          [`proj/${name}/x`, name],
          [`proj/y${name}`, name],
        ]),
      ),
    );
    symlinkSync("nowhere", join(root, "proj/link"));
    const before = await tag(everything, root);
    const copy = mkdtempSync(join(tmpdir(), "image-builders-"));
    for (const name of ["requirements.txt", "dist", "a.txt"])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    mkdirSync(join(copy, "proj"));
    // Made in another order, which is the order of the listing on many file systems.
    for (const name of [
      "ya.b",
      "link",
      "y😀",
      "uv.lock",
      "a.b",
      "src",
      "😀",
      "yb",
      "ü",
      "ya-b",
      "a",
      "pyproject.toml",
      "yü",
      "b",
      "ya",
      "a-b",
      "poetry.lock",
    ]) {
      cpSync(join(root, "proj", name), join(copy, "proj", name), { recursive: true, verbatimSymlinks: true });
    }
    chmodSync(join(copy, "a.txt"), 0o600);
    mkdirSync(join(copy, "proj/empty"));
    utimesSync(join(copy, "a.txt"), 1, 1);
    lutimesSync(join(copy, "proj/link"), 1, 1);
    assert.equal(await tag(everything, copy), before);
    rmSync(copy, { recursive: true });
  });

  it("has the same tag whoever owns the files [F56]", async function () {
    const before = await tag(everything, root);
    const { chownSync } = await import("node:fs");
    // Only root may give a file away; anyone may give it to himself.
    const owner = process.getuid?.() === 0 ? 1234 : (process.getuid?.() ?? 0);
    chownSync(join(root, "a.txt"), owner, process.getgid?.() ?? 0);
    chownSync(join(root, "proj/src/pkg/__init__.py"), owner, process.getgid?.() ?? 0);
    assert.equal(await tag(everything, root), before);
  });

  const ignoring: readonly (readonly [title: string, image: Image, files: Readonly<Record<string, string>>])[] = [
    [
      "the image's own ignore file",
      start.withDockerignore("missing").withDockerignore("docker/.ignore").withSourceFolder("proj"),
      { "docker/.ignore": "**/noise\n" },
    ],
    ["the root's ignore file", start.withSourceFolder("proj"), { ".dockerignore": "proj/**/noise\n" }],
    ["the folder's ignore file", start.withSourceFolder("proj"), { "proj/.dockerignore": "**/noise\n" }],
  ];
  for (const [title, image, files] of ignoring) {
    it(`has the same tag whatever ${title} keeps out [F37] [F58] [F59]`, async () => {
      writeFiles(root, files);
      const before = await tag(image, root);
      writeFiles(root, { "proj/src/noise": "1", "proj/deep/er/noise": "2" });
      assert.equal(await tag(image, root), before);
      writeFiles(root, { "proj/src/signal": "1" });
      assert.notEqual(await tag(image, root), before);
    });
  }

  it("honors the first of these ignore files only [F59]", async () => {
    const image = start.withSourceFolder("proj");
    writeFiles(root, { ".dockerignore": "**/nothing\n", "proj/.dockerignore": "**/noise\n" });
    const before = await tag(image, root);
    writeFiles(root, { "proj/noise": "1" });
    assert.notEqual(await tag(image, root), before);
  });

  it("has another tag when the ignore file keeps out more [F58]", async () => {
    const before = await tag(everything, root);
    writeFiles(root, { ".dockerignore": "proj/src\n" });
    assert.notEqual(await tag(everything, root), before);
  });

  it("tells that a whole folder is kept out", async () => {
    writeFiles(root, { ".dockerignore": "proj\n" });
    await assert.rejects(
      tag(start.withSourceFolder("proj"), root),
      /the folder ".*proj" is excluded by the ignore file ".*\.dockerignore"/,
    );
  });

  it("has the same tag as long as a script's header is the same, whatever its code [F75]", async () => {
    const image = Image.fromUvScript("s.py", { name: "app" });
    const before = await tag(image, root);
    writeFiles(root, {
      "s.py": '# /// script\n# dependencies = ["httpx", "rich>=13"]\n# requires-python = ">=3.12"\n# ///\nprint(2)\n',
    });
    assert.equal(await tag(image, root), before);
    writeFiles(root, {
      "s.py": '# /// script\n# requires-python = ">=3.13"\n# dependencies = ["httpx", "rich>=13"]\n# ///\n',
    });
    assert.notEqual(await tag(image, root), before);
  });

  it("is made again each time, for files change [F61]", async () => {
    const image = start.withSourceFile("a.txt");
    const before = await image.uri({ root });
    assert.equal(await image.uri({ root }), before);
    writeFiles(root, { "a.txt": "changed" });
    assert.notEqual(await image.uri({ root }), before);
  });

  it("stands for a Dockerfile's text and its context, not for its path [F53]", async () => {
    const make = (folder: string): Image =>
      Image.fromDockerfile(join(folder, "Dockerfile"), { registry: "r.io", name: "app" });
    const [one, two] = [0, 1].map(() =>
      temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . .\n", ".dockerignore": "noise\n", "x/y": "1" }),
    );
    assert.ok(one && two);
    const before = await make(one).uri();
    assert.match(before, /^r\.io\/app:[0-9a-f]{64}$/);
    assert.equal(await make(two).uri(), before);
    writeFiles(two, { noise: "1" });
    assert.equal(await make(two).uri(), before);
    writeFiles(two, { "x/y": "2" });
    assert.notEqual(await make(two).uri(), before);
    writeFiles(one, { Dockerfile: "FROM scratch\nCOPY x .\n" });
    assert.notEqual(await make(one).uri(), before);
  });

  it("stands for what a Dockerfile's build is sent though the ignore file keeps it out", async () => {
    const folder = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . .\n", ".dockerignore": "*\n", kept: "1" });
    const uri = (alwaysInclude: readonly string[]) =>
      Image.fromDockerfile("Dockerfile", { registry: "r.io", name: "app" }).uri({ root: folder, alwaysInclude });
    const before = [await uri([]), await uri(["kept"])];
    writeFiles(folder, { kept: "2" });
    assert.equal(await uri([]), before[0]);
    assert.notEqual(await uri(["kept"]), before[1]);
  });

  it("is without a code bundle where code comes otherwise, and with it where not [F36] [F96]", async () => {
    const image = start.withCodeBundle({ copyStyle: "all" });
    assert.equal(await image.uri({ root, copyStyle: "all" }), await start.uri({ root }));
    assert.equal(await image.uri({ root, copyStyle: "loaded_modules" }), await start.uri({ root }));
    assert.notEqual(await image.uri({ root }), await start.uri({ root }));
  });

  it("cannot be had of a bundle whose files cannot be told [F98]", async () => {
    await assert.rejects(
      start.withCodeBundle().uri({ root: temporaryFolder({ "readme.md": "" }) }),
      /^ImageBuilderError: withCodeBundle: there is no Python file in/,
    );
  });

  it("follows imports, packages and relative ones among them [F97]", () => {
    const project = temporaryFolder({
      "main.py": "import os, app.jobs as jobs\nfrom app import (\n    one,  # first\n    two,\n)\n",
      "app/__init__.py": "",
      "app/jobs.py": "from .deep.inner import x\nfrom . import three\n",
      "app/one.py": "",
      "app/three.py": "",
      "app/unused.py": "",
      "app/deep/__init__.py": "from ..four import y\n",
      "app/deep/inner.py": "",
      "app/four.py": "",
      "tests/test_main.py": "",
    });
    const { steps } = resolveImage(start.withCodeBundle({ dst: "/root" }), { root: project });
    assert.deepEqual(
      steps.map((step) => step.kind === "copyFiles" && step.files.map(({ path }) => path)),
      [
        [
          "app/__init__.py",
          "app/deep/__init__.py",
          "app/deep/inner.py",
          "app/four.py",
          "app/jobs.py",
          "app/one.py",
          "app/three.py",
          "main.py",
        ],
      ],
    );
  });
});
