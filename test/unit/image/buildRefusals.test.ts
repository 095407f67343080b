import assert from "node:assert/strict";
import { join } from "node:path";
import { imageBuild } from "../../../src/core/image/plan/imageBuild";
import { planImage } from "../../../src/core/image/plan/planImage";
import { placeProblems, type SpecPlaces } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import type { SpecProblem } from "../../../src/core/image/spec/specProblem";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** A spec that a build refuses. */
interface Refused {
  readonly why: string;
  readonly spec: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly places?: SpecPlaces;
}

const from = "from: { base: busybox }\n";
const named = `${from}clone: { name: app }\n`;
const layer = (text: string): string => `${named}layers:\n  - ${text}\n`;
const python = (text: string): string => `${named}layers:\n  - pipPackages: [a]\n  - ${text}\n`;
const pyproject = '[project]\nname = "a"\nversion = "1"\n';

const names = [
  "[q](command:workbench.action.quit)$(trash)",
  "$(trash)",
  "UPPER",
  "a b",
  "app:1",
  "app@sha256:0",
  "a//b",
  "a/../b",
  "/a",
  "a/",
  ".a",
  "a_-b",
  "https://a.io/b",
  "ä",
  " ",
  "a\tb",
  "a\nb",
  "\u0000",
  "\ud800",
  "a".repeat(300),
  "0".repeat(64),
];

const refused: readonly Refused[] = [
  ...names.map((name) => ({
    why: `the name ${JSON.stringify(name).slice(0, 40)}`,
    spec: `${from}clone: { name: ${JSON.stringify(name)} }\n`,
  })),
  ...["https://ghcr.io", "a b", "GHCR.IO/Team", "ghcr.io/a//b", "ghcr.io/a:1", "-a.io", "ghcr.io/$(trash)"].map(
    (registry) => ({
      why: `the registry ${registry}`,
      spec: `${from}clone: { name: app, registry: ${JSON.stringify(registry)} }\n`,
    }),
  ),
  ...["https://busybox", "a b", "A", "a:b:c", "a@sha256:1"].map((base) => ({
    why: `the base ${base}`,
    spec: `from: { base: ${JSON.stringify(base)} }\n`,
  })),
  { why: "no name for a clone", spec: `${from}clone: { platform: linux/amd64 }\n` },
  { why: "no name for a clone of nothing", spec: `${from}clone: {}\n` },
  { why: "no name for layers", spec: `${from}layers:\n  - workdir: /a\n` },
  { why: "no name for layers, and an empty clone", spec: `${from}clone: {}\nlayers:\n  - workdir: /a\n` },
  { why: "another base that is none", spec: `${from}clone: { name: app, baseImage: A }\n` },
  { why: "a release that is none", spec: "from: { debianBase: { flyteVersion: '1 2' } }\n" },
  { why: "an unknown reference", spec: "from: { refName: x }\n", places: { imageRefs: {} } },
  { why: "a configured image that is none", spec: "from: { refName: x }\n", places: { imageRefs: { x: "A B" } } },
  {
    why: "a configured image that is none, by default",
    spec: "from: { refName: }\nclone: { name: app }\n",
    places: { imageRefs: { default: "https://a" } },
  },
  { why: "an image of uv that is none", spec: layer("pipPackages: [a]"), places: { uvImage: "A B" } },
  { why: "a syntax that is none", spec: layer("workdir: /a"), places: { syntax: "docker/dockerfile:" } },
  { why: "a relative workdir", spec: layer("workdir: a") },
  { why: "a variable's name", spec: layer("envVars: { 'A B': x }") },
  { why: "a package of Debian", spec: layer("aptPackages: ['A B']") },
  { why: "a package of Python", spec: layer("pipPackages: ['A B']") },
  { why: "options among packages", spec: layer("pipPackages: ['--pre']") },
  { why: "a mount path", spec: layer("commands: { commands: a, secretMounts: { key: a, mount: b } }") },
  { why: "a file that is missing", spec: layer("sourceFile: a.txt") },
  { why: "a folder that is missing", spec: layer("sourceFolder: a") },
  { why: "a file for a folder", spec: layer("sourceFolder: a"), files: { a: "" } },
  { why: "an ignore file that is missing", spec: layer("dockerignore: a") },
  {
    why: "a bad line in the ignore file",
    spec: layer("sourceFolder: a"),
    files: { "a/b": "", ".dockerignore": "[\n" },
  },
  {
    why: "a bad line in the ignore file that is named",
    spec: `${layer("sourceFolder: a")}  - dockerignore: ignored\n`,
    files: { "a/b": "", ignored: "x\n[\n" },
  },
  {
    why: "a folder that the ignore file excludes",
    spec: layer("sourceFolder: a"),
    files: { "a/b": "", ".dockerignore": "a\n" },
  },
  { why: "a bundle without Python files", spec: layer("codeBundle:"), files: { "a.txt": "" } },
  {
    why: "a bundle with a bad ignore file",
    spec: layer("codeBundle: { copyStyle: all }"),
    files: { "a.txt": "", ".dockerignore": "[\n" },
  },
  { why: "requirements that lead nowhere", spec: layer("requirements: a.txt"), files: { "a.txt": "-r gone.txt\n" } },
  { why: "requirements of another kind", spec: layer("requirements: a.in"), files: { "a.in": "" } },
  { why: "a project that is no TOML", spec: python("uvProject: pyproject.toml"), files: { "pyproject.toml": "[" } },
  {
    why: "a project that depends on a folder that is missing",
    spec: python("uvProject: pyproject.toml"),
    files: {
      "pyproject.toml": `${pyproject}dependencies = ["b"]\n[tool.uv.sources]\nb = { path = "b" }\n`,
    },
  },
  {
    why: "a whole project with a bad ignore file",
    spec: python("uvProject: { pyprojectFile: pyproject.toml, projectInstallMode: install_project }"),
    files: { "pyproject.toml": pyproject, ".dockerignore": "[\n" },
  },
  {
    why: "a lock that is missing",
    spec: python("poetryProject: pyproject.toml"),
    files: { "pyproject.toml": pyproject },
  },
  { why: "wheels that are missing", spec: layer("localV2:"), files: { "dist/a.txt": "" } },
  { why: "a plugin of another name", spec: layer("localV2Plugins: a") },
  { why: "a script that is missing", spec: "from: { uvScript: { script: a.py, name: app } }\n" },
  {
    why: "a script without a header",
    spec: "from: { uvScript: { script: a.py, name: app } }\n",
    files: { "a.py": "" },
  },
  {
    why: "a script whose project is missing",
    spec: "from: { uvScript: { script: a.py, name: app } }\n",
    files: { "a.py": '# /// script\n# dependencies = ["b @ file://b"]\n# ///\n' },
  },
  { why: "a Dockerfile that is missing", spec: "from: { dockerfile: { file: D, registry: a.io, name: app } }\n" },
  {
    why: "a Dockerfile whose ignore file has a bad line",
    spec: "from: { dockerfile: { file: Dockerfile, registry: a.io, name: app } }\n",
    files: { Dockerfile: "FROM scratch\n", ".dockerignore": "[\n" },
  },
  {
    why: "a Dockerfile's image with a bad name",
    spec: "from: { dockerfile: { file: Dockerfile, registry: a.io, name: 'A B' } }\n",
    files: { Dockerfile: "FROM scratch\n" },
  },
];

describe("what a build of a spec refuses", () => {
  after(removeTemporaryFolders);

  for (const { why, spec, files = {}, places = {} } of refused) {
    it(`is a finding in the editor before: ${why}`, async () => {
      const root = temporaryFolder({ ...files, "app.image.yaml": spec });
      const here = { root, environment: {}, ...places };
      await assert.rejects(build(spec, here), "the build does not refuse it");
      const found = problemsOf(spec, here).filter(({ severity }) => severity === "error");
      assert.notDeepEqual(found, [], "nothing is found");
      for (const { range, message } of found) {
        assert.ok(range.line >= 1 && range.line <= spec.split("\n").length, message);
        assert.match(message, /^["A-Za-z][^]*\.$/, "a whole sentence");
      }
    });
  }

  it("is nothing of a spec without findings", async () => {
    const root = temporaryFolder({
      "a/b.txt": "1",
      "main.py": "import json\n",
      ".dockerignore": "*.log\n",
      "requirements.txt": "httpx\n",
      "pyproject.toml": pyproject,
    });
    const spec =
      `${named}layers:\n  - sourceFolder: a\n  - codeBundle:\n  - requirements: requirements.txt\n` +
      "  - uvProject: { pyprojectFile: pyproject.toml, projectInstallMode: install_project }\n";
    assert.deepEqual(problemsOf(spec, { root }), []);
    assert.ok(await build(spec, { root }));
    for (const plain of [from, "from: { refName: x }\n", "from: { debianBase: }\n"])
      assert.deepEqual(problemsOf(plain, { root, imageRefs: { x: "busybox" } }), []);
  });
});

function problemsOf(text: string, places: SpecPlaces): readonly SpecProblem[] {
  const spec = readImageSpec(text, "app.image.yaml");
  return [...spec.problems, ...placeProblems(spec, places)];
}

/** All that is done with a spec before a daemon is asked. */
async function build(text: string, places: SpecPlaces): Promise<unknown> {
  const { image, problems } = readImageSpec(text, join(places.root ?? "", "app.image.yaml"));
  if (!image) throw new Error(problems[0]?.message);
  return imageBuild(await planImage(image, places), places);
}
