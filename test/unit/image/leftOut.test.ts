import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { plannedBuild } from "../../support/plannedBuild";
import { start } from "./projectSupport";

describe("what is left out of folders", () => {
  after(removeTemporaryFolders);

  const files = {
    "main.py": "",
    ".git/HEAD": "ref: x\n",
    "build/x": "",
    "dist/x": "",
    "env/x": "",
    "src/app/build/__init__.py": "",
    "src/app/dist/x.py": "",
    "src/app/env/x.py": "",
    "src/app/__pycache__/x.pyc": "",
    "src/.DS_Store": "",
    "other.image.yaml": "from: { base: a }\n",
  };
  const own = (paths: Iterable<string>): string[] =>
    [...paths]
      .map((path) => path.replace(/^_flyte_abs_context\/1\/[^/]+\//, ""))
      .filter((path) => path !== "Dockerfile")
      .sort();
  const filesOf = async (image: Image, root: string): Promise<string[]> =>
    own((await plannedBuild(image, { root }))?.extraFiles.keys() ?? []);
  const kept = ["main.py", "src/app/build/__init__.py", "src/app/dist/x.py", "src/app/env/x.py"];
  const bundle = start.withCodeBundle({ copyStyle: "all" });

  it("is at the top what Flyte leaves out there, and debris everywhere", async () => {
    assert.deepEqual(await filesOf(bundle, temporaryFolder(files)), kept);
  });

  it("comes back by an exception of the ignore file", async () => {
    const root = temporaryFolder({ ...files, ".dockerignore": "!build\n!.git\n!other.image.yaml\n" });
    assert.deepEqual(await filesOf(bundle, root), [
      ".dockerignore",
      ".git/HEAD",
      "build/x",
      ...kept.slice(0, 1),
      "other.image.yaml",
      ...kept.slice(1),
    ]);
  });

  it("is of a copied folder only what never belongs in an image", async () => {
    const root = temporaryFolder(files);
    assert.deepEqual(await filesOf(start.withSourceFolder("."), root), ["build/x", "dist/x", "env/x", ...kept].sort());
  });

  const changes: readonly (readonly [title: string, change: Readonly<Record<string, string>>])[] = [
    ["a comment in the spec", { "app.image.yaml": "# a comment\n" }],
    ["another spec", { "second.image.yaml": "from: { base: b }\n", "third.image.json": "{}" }],
    ["what Python and editors leave", { "__pycache__/main.pyc": "1", "src/__pycache__/x.pyc": "2", ".DS_Store": "3" }],
    ["a commit", { ".git/HEAD": "ref: y\n", ".git/objects/ab/cd": "1" }],
  ];
  for (const [title, change] of changes) {
    it(`changes no tag: ${title}`, async () => {
      for (const image of [bundle, start.withSourceFolder(".")]) {
        const root = temporaryFolder({ ...files, "app.image.yaml": "" });
        const before = await imageUri(image, { root });
        writeFiles(root, change);
        assert.equal(await imageUri(image, { root }), before);
      }
    });
  }

  it("does not keep other changes from changing the tag", async () => {
    const root = temporaryFolder(files);
    const before = await imageUri(bundle, { root });
    writeFiles(root, { "src/app/build/__init__.py": "1" });
    assert.notEqual(await imageUri(bundle, { root }), before);
  });

  it("is told apart from the tools, which do change the tag where they install", async () => {
    const python = start.withPipPackages("numpy");
    const tags = await Promise.all(
      [{}, { installer: "pip" }, { uvImage: "mirror.example/uv:1" }, { uvSource: "base" }, { uvSource: "pip" }].map(
        (places) => imageUri(python, places as ImagePlaces),
      ),
    );
    assert.equal(new Set(tags).size, tags.length);
    const plain = start.withAptPackages("git");
    assert.equal(await imageUri(plain, { installer: "pip" }), await imageUri(plain));
  });

  it("of a script's header what installs changes the tag", async () => {
    const header = (more: string): string =>
      temporaryFolder({ "s.py": `# /// script\n# dependencies = ["a"]\n${more}# ///\nprint(1)\n` });
    const image = Image.fromUvScript("s.py", { name: "s" });
    const before = await imageUri(image, { root: header("") });
    for (const more of [
      '# [tool.uv]\n# exclude-newer = "2024-01-01T00:00:00Z"\n',
      '# [[tool.uv.index]]\n# url = "https://i"\n',
    ])
      assert.notEqual(await imageUri(image, { root: header(more) }), before);
    assert.equal(await imageUri(image, { root: header("# [tool.other]\n# a = 1\n") }), before);
  });
});
