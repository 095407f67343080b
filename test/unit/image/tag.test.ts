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
import { tagOf } from "../../../src/core/image/plan/tag";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProject } from "../../support/imageProject";
import { randomImage } from "../../support/randomImage";
import { volume } from "../../support/volume";

const start = Image.fromBase("python:3.12-slim").clone({ name: "app", extendable: true });
const everything = start
  .withRequirements("requirements.txt")
  .withUvProject("proj/pyproject.toml")
  .withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" })
  .withPoetryProject("proj/pyproject.toml")
  .withSourceFolder("proj")
  .withSourceFile("a.txt")
  .withLocalV2();

const tag = (image: Image, root: string): Promise<string> => tagOf(resolveImage(image, { root }));

describe("the URI of an image", () => {
  let root: string;
  beforeEach(() => void (root = imageProject()));
  after(removeTemporaryFolders);

  it("is registry, name and tag, or name and tag [F49] [F50]", async () => {
    const image = start.withAptPackages("vim");
    assert.equal(await image.uri({ root }), `app:${await tag(image, root)}`);
    assert.equal(
      await image.clone({ registry: "ghcr.io/team/" }).uri({ root }),
      `ghcr.io/team/app:${await tag(image, root)}`,
    );
    assert.equal(await Image.fromBase("busybox:1").uri(), "busybox:1");
  });

  it("has no tag but that of its content, also where its base has one that can be read [F23]", async () => {
    const base = Image.fromDebianBase({ pythonVersion: [3, 11], flyteVersion: "2.1.0" });
    assert.equal(await base.uri(), "ghcr.io/flyteorg/flyte:py3.11-v2.1.0");
    assert.match(await base.clone({ name: "mine" }).uri(), /^mine:[0-9a-f]{64}$/);
    assert.match(await Image.fromDebianBase({ installFlyte: false, name: "mine" }).uri(), /^mine:[0-9a-f]{64}$/);
  });

  it("has the same tag whatever name, registry, secret of the registry and unused Python [F52]", async () => {
    const image = start.withAptPackages("vim");
    for (const changes of [
      { name: "other" },
      { registry: "ghcr.io/team" },
      { registrySecret: "s" },
      { pythonVersion: [3, 11] },
    ] as const) {
      assert.equal(await tag(image.clone(changes), root), await tag(image, root), JSON.stringify(changes));
    }
  });

  it("has another tag for another platform, base, or Python that is used [F52]", async () => {
    const image = start.withPipPackages("numpy");
    for (const changes of [
      { platform: "linux/arm64" },
      { baseImage: "python:3.11-slim" },
      { pythonVersion: [3, 11] },
    ] as const) {
      assert.notEqual(await tag(image.clone(changes), root), await tag(image, root), JSON.stringify(changes));
    }
    const both = image.clone({ platform: ["linux/amd64", "linux/arm64"] });
    assert.equal(await tag(both, root), await tag(image.clone({ platform: ["linux/arm64", "linux/amd64"] }), root));
  });

  const different: readonly (readonly [title: string, one: Image, other: Image])[] = [
    ["packages that read the same together [F60]", start.withAptPackages("v", "im"), start.withAptPackages("vim")],
    ["packages of pip that read the same together [F60]", start.withPipPackages("a", "b"), start.withPipPackages("ab")],
    [
      "the same packages in one layer and in two [F60]",
      start.withPipPackages("a", "b"),
      start.withPipPackages("a").withPipPackages("b"),
    ],
    ["a name as a package of one kind and another [F60]", start.withAptPackages("a"), start.withPipPackages("a")],
    ["another order of variables [F54]", start.withEnvVars({ A: "1", B: "2" }), start.withEnvVars({ B: "2", A: "1" })],
    [
      "values that read the same together [F60]",
      start.withEnvVars({ A: "1 B=2" }),
      start.withEnvVars({ A: "1", B: "2" }),
    ],
    [
      "an index and a further index [F60]",
      start.withPipPackages("a", { indexUrl: "https://i" }),
      start.withPipPackages("a", { extraIndexUrls: "https://i" }),
    ],
    ["pre-releases and none", start.withPipPackages("a", { pre: true }), start.withPipPackages("a")],
    [
      "uv and Poetry for one tree [F60]",
      start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
      start.withPoetryProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
    ],
    [
      "dependencies and the project",
      start.withUvProject("proj/pyproject.toml"),
      start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
    ],
    ["destinations", start.withSourceFolder("proj"), start.withSourceFolder("proj", { dst: "/opt/x" })],
    [
      "a folder and its content",
      start.withSourceFolder("proj"),
      start.withSourceFolder("proj", { copyContentsOnly: true }),
    ],
    ["secrets", start.withCommands("x", { secretMounts: "a" }), start.withCommands("x", { secretMounts: "b" })],
    ["a secret and none", start.withCommands("x", { secretMounts: "a" }), start.withCommands("x")],
  ];
  for (const [title, one, other] of different)
    it(`has another tag for ${title}`, async () => assert.notEqual(await tag(one, root), await tag(other, root)));

  it("has the same tag with a layer that does nothing and without", async () => {
    assert.equal(
      await tag(start.withEnvVars({}).withSourceFile([]).withPipPackages().withDockerignore("a.txt"), root),
      await tag(start, root),
    );
  });

  it("has the same tag for a destination with a slash at its end and without", async () => {
    assert.equal(
      await tag(start.withSourceFolder("proj", { dst: "/x" }).withSourceFile("a.txt", { dst: "d" }), root),
      await tag(start.withSourceFolder("proj", { dst: "/x/" }).withSourceFile("a.txt", { dst: "./d/" }), root),
    );
  });

  it("has the same tag for a secret by key or as an object [F62]", async () => {
    assert.equal(
      await tag(start.withCommands("x", { secretMounts: "s" }), root),
      await tag(start.withCommands("x", { secretMounts: [{ key: "s" }] }), root),
    );
  });

  it("has the same tag for relative and absolute paths, of a file and of a copy of it elsewhere [F53] [F55]", async () => {
    const elsewhere = temporaryFolder({ "other/requirements.txt": "httpx==0.27.0\n", "a.txt": "x\n" });
    const image = start.withRequirements("requirements.txt").withSourceFile("a.txt");
    const absolute = start.withRequirements(join(root, "requirements.txt")).withSourceFile(join(root, "a.txt"));
    const copied = start
      .withRequirements(join(elsewhere, "other/requirements.txt"))
      .withSourceFile(join(elsewhere, "a.txt"));
    assert.equal(await tag(absolute, root), await tag(image, root));
    assert.equal(await tag(copied, root), await tag(image, root));
  });

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

  it("has the same tag after times, rights of others and the order of a listing have changed, and in another folder [F56] [F57]", async () => {
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

  it("heeds the first of these ignore files only [F59]", async () => {
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

  it("is made anew each time, for files change [F61]", async () => {
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

describe("the tags of Flyte's own examples", () => {
  after(removeTemporaryFolders);
  const pip = {
    indexUrl: "https://i",
    extraIndexUrls: ["https://a", "https://b"],
    pre: true,
    extraArgs: "--no-deps",
    secretMounts: [{ key: "GITHUB_PAT" }, "my_secret"],
  };
  const installed = { projectInstallMode: "install_project" } as const;

  /** Whoever changes one of these has every image built anew. */
  const examples: readonly (readonly [tag: string, title: string, image: Image])[] = [
    ["aadceb88004cbd7b", "no layer", start],
    ["dc4a6086d0d86e8c", "apt vim", start.withAptPackages("vim")],
    ["10a9780afc6b958f", "apt v im", start.withAptPackages("v", "im")],
    [
      "703c2a97e06d6d6f",
      "apt vim on another base",
      start.clone({ baseImage: "myregistry.com/myimage:v123" }).withAptPackages("vim"),
    ],
    ["03108d2e595d1464", "apt git curl", start.withAptPackages("git", "curl")],
    ["b068eada33d4b69f", "pip a b", start.withPipPackages("a", "b")],
    ["db811c54e36cfc1f", "pip a of an index", start.withPipPackages("a", { indexUrl: "https://i" })],
    ["2c647db192e1d36c", "pip with everything", start.withPipPackages("numpy", "pandas>=2,<3", pip)],
    ["c42d2720843a4a96", "requirements", start.withRequirements("requirements.txt")],
    ["cc0aa77212850ead", "commands", start.withCommands(["echo a", "echo b"])],
    ["cc5f3e017904d96c", "env", start.withEnvVars({ A: "1", B: "2" })],
    ["30c39439a8df2903", "workdir", start.withWorkdir("/app")],
    ["42f6072e1844fef0", "uv project", start.withUvProject("proj/pyproject.toml")],
    ["daad8581865aef40", "uv project installed", start.withUvProject("proj/pyproject.toml", installed)],
    ["97e43ed1c0bfc96c", "poetry project", start.withPoetryProject("proj/pyproject.toml")],
    ["33c7c4842d2a892f", "poetry project installed", start.withPoetryProject("proj/pyproject.toml", installed)],
    ["7850b90944e3a89e", "folder", start.withSourceFolder("proj")],
    ["04189a8b7873a27b", "folder's content", start.withSourceFolder("proj", { copyContentsOnly: true })],
    ["a2e6b4d053427f96", "file", start.withSourceFile("a.txt")],
    ["a835774ef9a1cab4", "file elsewhere", start.withSourceFile("a.txt", { dst: "/d/" })],
    ["ac8e30354d45764b", "apt with a secret", start.withAptPackages("a", { secretMounts: "s" })],
    ["08ba21a02c1e2ad9", "wheels", start.withLocalV2()],
    [
      "644bfe9e234e82c8",
      "debian base",
      Image.fromDebianBase({ installFlyte: false, name: "app", pythonVersion: [3, 12] }),
    ],
    ["eb670da2b54471a0", "uv script", Image.fromUvScript("s.py", { name: "app", pythonVersion: [3, 12] })],
  ];
  for (const [expected, title, image] of examples) {
    it(`stay as they are, one to each: ${title} [F51]`, async () =>
      assert.equal((await tag(image, imageProject())).slice(0, 16), expected));
  }

  it("are of SHA-256 and all different, unlike Flyte's of MD5 [F51]", async () => {
    const root = imageProject();
    const tags = await Promise.all(examples.map(([, , image]) => tag(image, root)));
    assert.deepEqual(
      tags.filter((each) => !/^[0-9a-f]{64}$/.test(each)),
      [],
    );
    assert.equal(new Set(tags).size, examples.length);
  });
});

describe("tags of many images", () => {
  after(removeTemporaryFolders);

  const count = volume(10_000, 100_000);

  it(`differ for any two of ${count.toLocaleString("en")} random definitions [F60]`, async function () {
    this.timeout(300_000);
    const root = imageProject();
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`      seed ${seed}`);
    const next = randomImage(seed);
    const tags = new Map<string, string>();
    const definitions = new Set<string>();
    while (definitions.size < count) {
      const { definition, image } = next();
      if (definitions.has(definition)) continue;
      definitions.add(definition);
      const found = await tag(image, root);
      assert.equal(tags.get(found), undefined, `${definition} has the tag of the other`);
      tags.set(found, definition);
    }
  });
});
