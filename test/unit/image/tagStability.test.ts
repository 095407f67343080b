import assert from "node:assert/strict";
import { appendFileSync, cpSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { pythonProject, uvLock } from "../../support/uv/pythonProject";

const spec = [
  "from:",
  "  base: python:3.12-slim",
  "clone:",
  "  name: app",
  "  platform: linux/amd64",
  "layers:",
  "  - workdir: /app",
  "  - envVars: { A: x, B: y }",
  "  - uvProject: pyproject.toml",
  "  - codeBundle: { copyStyle: all }",
  "",
].join("\n");

const files = {
  "app.image.yaml": spec,
  "main.py": "print(1)\n",
  "data/a.csv": "1\n",
  ".git/HEAD": "ref: refs/heads/main\n",
  ...pythonProject("", { name: "app", dependencies: ["plain"], requiresPython: ">=3.12" }),
  "uv.lock": uvLock([{ name: "app", source: '{ editable = "." }' }]),
};

/** What is changed: the folder, or what the settings say. Returns a folder that takes the place of the old one. */
type Change = (root: string) => ImagePlaces | string | void;

const edit =
  (file: string, from: string, to: string): Change =>
  (root) => {
    const text = readFileSync(join(root, file), "utf8");
    assert.ok(text.includes(from));
    writeFileSync(join(root, file), text.replace(from, to));
  };
const add =
  (added: Readonly<Record<string, string>>): Change =>
  (root) =>
    writeFiles(root, added);

const rows: readonly (readonly [change: string, expected: "same" | "other", change: Change])[] = [
  ["nothing", "same", () => undefined],
  ["a comment in the spec", "same", edit("app.image.yaml", "layers:", "# why\nlayers:")],
  [
    "Windows' line ends in the spec",
    "same",
    (root) => writeFileSync(join(root, "app.image.yaml"), spec.replaceAll("\n", "\r\n")),
  ],
  [
    "the order of the spec's keys",
    "same",
    edit("app.image.yaml", "  name: app\n  platform: linux/amd64", "  platform: linux/amd64\n  name: app"),
  ],
  [
    "a layer in its long form",
    "same",
    edit("app.image.yaml", "uvProject: pyproject.toml", "uvProject: { pyprojectFile: pyproject.toml }"),
  ],
  ["the image's name", "same", edit("app.image.yaml", "name: app", "name: service")],
  ["its registry", "same", edit("app.image.yaml", "name: app", "name: app\n  registry: ghcr.io/team")],
  ["another spec", "same", add({ "other.image.yaml": "from: { base: a }\n", "deep/more.image.json": "{}\n" })],
  ["a spec in JavaScript", "same", add({ "other.image.mjs": "export default 1;\n" })],
  ["what Python leaves", "same", add({ "__pycache__/main.cpython-312.pyc": "1", "data/__pycache__/x.pyc": "2" })],
  ["what tools leave", "same", add({ ".pytest_cache/x": "1", ".mypy_cache/x": "1", ".ruff_cache/x": "1" })],
  ["what file managers leave", "same", add({ ".DS_Store": "1", "data/.DS_Store": "2" })],
  ["a virtual environment", "same", add({ ".venv/bin/python": "1" })],
  [
    "what a build leaves",
    "same",
    add({ "build/lib/x": "1", "dist/app-1.0-py3-none-any.whl": "1", "app.egg-info/PKG-INFO": "1" }),
  ],
  ["a commit", "same", add({ ".git/HEAD": "ref: refs/heads/other\n", ".git/objects/ab/cdef": "1", ".git/index": "2" })],
  ["times", "same", (root) => utimesSync(join(root, "main.py"), 1, 1)],
  ["an empty folder", "same", (root) => cpSync(temporaryFolder(), join(root, "empty"), { recursive: true })],
  [
    "the place of the folder",
    "same",
    (root) => {
      const moved = join(temporaryFolder(), "elsewhere");
      cpSync(root, moved, { recursive: true });
      return moved;
    },
  ],
  ["what pulls the Dockerfile's frontend", "same", () => ({ syntax: "docker/dockerfile:1.10" })],
  ["a byte of a file", "other", (root) => appendFileSync(join(root, "main.py"), "\n")],
  ["a file's name", "other", (root) => renameSync(join(root, "main.py"), join(root, "run.py"))],
  ["a new file", "other", add({ "extra.py": "" })],
  ["a package named build below the top", "other", add({ "src/app/build/__init__.py": "" })],
  ["what the ignore file leaves out", "other", add({ ".dockerignore": "data\n" })],
  ["the lock file", "other", (root) => appendFileSync(join(root, "uv.lock"), "\n# again\n")],
  ["the project's file", "other", edit("pyproject.toml", '["plain"]', '["plain>=1"]')],
  ["the base", "other", edit("app.image.yaml", "3.12-slim", "3.12-slim-bookworm")],
  ["the platform", "other", edit("app.image.yaml", "amd64", "arm64")],
  ["a variable's value", "other", edit("app.image.yaml", "A: x", "A: z")],
  ["the order of variables", "other", edit("app.image.yaml", "A: x, B: y", "B: y, A: x")],
  ["a variable that is expanded", "other", edit("app.image.yaml", "A: x", "A: { expand: $B }")],
  [
    "the order of layers",
    "other",
    edit(
      "app.image.yaml",
      "  - workdir: /app\n  - envVars: { A: x, B: y }\n",
      "  - envVars: { A: x, B: y }\n  - workdir: /app\n",
    ),
  ],
  [
    "an argument of the installer",
    "other",
    edit("app.image.yaml", "uvProject: pyproject.toml", "uvProject: { pyprojectFile: pyproject.toml, pre: true }"),
  ],
  ["the installer", "other", () => ({ installer: "pip" })],
  ["uv's version", "other", () => ({ uvImage: "ghcr.io/astral-sh/uv:0.8.12" })],
  ["uv's image", "other", () => ({ uvImage: "mirror.example/uv:0.8.13" })],
  ["where uv comes from", "other", () => ({ uvSource: "base" })],
];

describe("the tag of a spec's image", () => {
  after(removeTemporaryFolders);

  const tagIn = async (root: string, places: ImagePlaces = {}): Promise<string> => {
    const { image, problems } = readImageSpec(readFileSync(join(root, "app.image.yaml"), "utf8"), "app.image.yaml");
    assert.ok(image, problems.map(({ message }) => message).join());
    return (await imageUri(image, { ...places, root })).replace(/^.*:/, "");
  };

  for (const [change, expected, act] of rows) {
    it(`is ${expected === "same" ? "the same" : "another"} after a change of ${change}`, async () => {
      const root = temporaryFolder(files);
      const before = await tagIn(root);
      const changed = act(root);
      const after = typeof changed === "string" ? await tagIn(changed) : await tagIn(root, changed ?? {});
      assert.equal(after === before ? "same" : "other", expected);
    });
  }

  it("is one on Linux, macOS and Windows", async () => {
    const expected = "f6be187d8811313cec7b511942ddbadaa71cd48bbcbae9f0306ad63b631a34d6";
    for (const hostPlatform of ["linux", "darwin", "win32"] as const)
      assert.equal(await tagIn(temporaryFolder(files), { hostPlatform }), expected);
  });
});
