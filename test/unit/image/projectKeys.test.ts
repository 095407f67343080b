import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { pythonProject } from "../../support/uv/pythonProject";
import { assertRefused, start, textOf } from "./projectSupport";
import { head } from "./specCases";

const groups = '[dependency-groups]\ndev = ["checks", {include-group = "docs"}]\ndocs = ["pages"]\n';
const extras = '[project.optional-dependencies]\nplot = ["paint"]\n';

describe("a Python project's parts", () => {
  after(removeTemporaryFolders);

  const root = (): string => temporaryFolder(pythonProject("", { name: "app", more: extras + groups }));

  it("are extras and groups that its layer names", () => {
    const image = start.withUvProject("pyproject.toml", { extras: "plot", groups: ["dev"] });
    assert.match(textOf(image, { root: root() }), /uv sync .*--no-default-groups --extra plot --group dev /);
  });

  it("are told to pip one by one, groups with those they include", () => {
    const image = start
      .clone({ baseImage: "python:3.12" })
      .withUvProject("pyproject.toml", { extras: "plot", groups: ["dev"] });
    assert.match(textOf(image, { root: root(), installer: "pip" }), /install paint checks pages$/m);
  });

  it("are told to Poetry beside the main ones", () => {
    const place = temporaryFolder({
      "pyproject.toml":
        '[tool.poetry]\nname = "app"\nversion = "1"\n[tool.poetry.extras]\nplot = ["paint"]\n' +
        '[tool.poetry.group.docs.dependencies]\npages = "*"\n',
      "poetry.lock": "package = []\n",
    });
    const image = start.withPoetryProject("pyproject.toml", {
      extras: ["plot"],
      groups: ["docs"],
      poetryVersion: "1.8.5",
    });
    const text = textOf(image, { root: place });
    assert.match(text, /poetry==1\.8\.5 .*poetry install --no-interaction --only main,docs --extras plot --no-root/);
  });

  for (const [title, image] of [
    ["an extra", start.withUvProject("pyproject.toml", { extras: "plots" })],
    ["a group", start.withUvProject("pyproject.toml", { groups: "test" })],
  ] as const) {
    it(`are refused where the project has no such: ${title}`, () =>
      assertRefused(image, { root: root() }, /has no (?:extra "plots"|group "test"). Use one of "/));
  }

  it("change the tag", async () => {
    const place = { root: root() };
    const tags = await Promise.all(
      [{}, { extras: "plot" }, { groups: "docs" }, { groups: ["docs", "dev"] }].map((options) =>
        imageUri(start.withUvProject("pyproject.toml", options), place),
      ),
    );
    assert.equal(new Set(tags).size, tags.length);
    assert.equal(await imageUri(start.withUvProject("pyproject.toml", { extras: [] }), place), tags[0]);
  });
});

describe("constraints of packages", () => {
  after(removeTemporaryFolders);

  it("are mounted, with the files they include, and change the tag by what they hold", async () => {
    const root = temporaryFolder({ "limits.txt": "plain<2\n", "r.txt": "plain\n", "all/c.txt": "-c ../limits.txt\n" });
    const image = start
      .withPipPackages("plain", { constraints: "limits.txt" })
      .withRequirements("r.txt", { constraints: ["limits.txt", "all/c.txt"] });
    const text = textOf(image, { root });
    assert.match(text, /target=\/tmp\/constraints-1\.txt \\\n[^\n]* --constraint \/tmp\/constraints-1\.txt plain\n/);
    assert.match(
      text,
      /--constraint \/tmp\/constraints-1\.txt --constraint \/tmp\/constraints-2\/all\/c\.txt --requirement /,
    );
    const before = await imageUri(image, { root });
    writeFiles(root, { "limits.txt": "plain<3\n" });
    assert.notEqual(await imageUri(image, { root }), before);
  });

  it("are refused where they aren't there, and for projects, whose lock files have them", () => {
    assertRefused(start.withPipPackages("a", { constraints: "gone.txt" }), { root: "." }, /gone\.txt" doesn't exist/);
    const { problems } = readImageSpec(`${head}- uvProject: {pyprojectFile: a, constraints: b}\n`, "a.image.yaml");
    assert.match(problems[0]?.message ?? "", /no key "constraints"/);
  });
});

describe("the tools of an image", () => {
  after(removeTemporaryFolders);

  it("have the version that the image names, from wherever they come", () => {
    const image = start.clone({ uvVersion: "0.9.2" }).withPipPackages("a");
    assert.match(textOf(image), /^FROM ghcr\.io\/astral-sh\/uv:0\.9\.2 AS uv$/m);
    assert.match(
      textOf(image, { uvImage: "mirror:5000/uv:1@sha256:" + "a".repeat(64) }),
      /^FROM mirror:5000\/uv:0\.9\.2 AS uv$/m,
    );
    assert.match(textOf(image, { uvSource: "pip" }), / uv==0\.9\.2$/m);
    assert.throws(() => start.clone({ uvVersion: "latest" }), /uvVersion is "latest"\. Use a version/);
  });

  it("see the base's packages where the image says so", async () => {
    const image = start.clone({ systemSitePackages: true }).withPipPackages("a");
    assert.match(textOf(image), /uv venv --system-site-packages \/opt\/venv$/m);
    assert.match(textOf(image, { installer: "pip" }), /venv --without-pip --system-site-packages \/opt\/venv$/m);
    assert.notEqual(await imageUri(image), await imageUri(image.clone({ systemSitePackages: false })));
    assert.equal(
      await imageUri(Image.fromDefinition({ ...image, systemSitePackages: false })),
      await imageUri(start.withPipPackages("a")),
    );
  });
});
