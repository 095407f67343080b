import assert from "node:assert/strict";
import { pinChange, basePin, rangeOfBase } from "../../../src/core/image/spec/pinBase";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const digest = `sha256:${"a".repeat(64)}`;
const older = `sha256:${"b".repeat(64)}`;

/** Pins a spec's base as the command does, without the registry. */
async function pinned(text: string, file = "app.image.yaml", places: ImagePlaces = {}): Promise<string> {
  const { image, problems } = readImageSpec(text, file);
  assert.ok(image, problems.map(({ message }) => message).join());
  const change = await pinChange({ text, file, places }, await basePin(image, places), digest);
  return change.text;
}

const layers = "clone: { name: app }\nlayers:\n  - workdir: /app\n";

const rewritten: readonly (readonly [title: string, before: string, after: string, file?: string])[] = [
  ["a base", "from:\n  base: python:3.12-slim # kept\n", `from:\n  base: python:3.12-slim@${digest} # kept\n`],
  ["a base in quotes", `from: { base: 'a:1' }\n${layers}`, `from: { base: 'a:1@${digest}' }\n${layers}`],
  ["a base in its long form", "from: {base: {imageUri: a:1}}\n", `from: {base: {imageUri: a:1@${digest}}}\n`],
  ["a base without a tag", "from: {base: a}\n", `from: {base: a:latest@${digest}}\n`],
  ["a base with a port", "from: {base: localhost:5000/a/b}\n", `from: {base: localhost:5000/a/b:latest@${digest}}\n`],
  ["an older digest", `from: {base: "a:1@${older}"}\n`, `from: {base: "a:1@${digest}"}\n`],
  ["a base by its anchor", "x-a: &a a:1\nfrom: {base: *a}\n", `x-a: &a a:1\nfrom: {base: a:1@${digest}}\n`],
  ["a base with an anchor", "from: {base: &a a:1}\n", `from: {base: &a a:1@${digest}}\n`],
  [
    "the base of clone",
    "from: {refName: x}\nclone: {name: app, baseImage: a:1}\n",
    `from: {refName: x}\nclone: {name: app, baseImage: a:1@${digest}}\n`,
  ],
  [
    "Windows' line ends",
    "from:\r\n  base: a:1\r\nclone:\r\n  name: app\r\n",
    `from:\r\n  base: a:1@${digest}\r\nclone:\r\n  name: app\r\n`,
  ],
  ["JSON", '{ "from": { "base": "a:1" } }', `{ "from": { "base": "a:1@${digest}" } }`, "app.image.json"],
  [
    "Python's image of a version",
    "from:\n  debianBase: { pythonVersion: 3.11, installFlyte: false }\nclone:\n  name: app\nlayers: []\n",
    "from:\n  debianBase: { pythonVersion: 3.11, installFlyte: false }\nclone:\n" +
      `  baseImage: python:3.11-slim-bookworm@${digest}\n  name: app\nlayers: []\n`,
  ],
  [
    "Python's image of the default version, which stays",
    "from:\n  debianBase: { installFlyte: false }\nlayers:\n  - workdir: /app\n",
    `from:\n  debianBase: { installFlyte: false }\nclone:\n  baseImage: python:3.12-slim-bookworm@${digest}\n` +
      "  pythonVersion: 3.12\nlayers:\n  - workdir: /app\n",
  ],
  [
    "Python's image in braces",
    "{from: {debianBase: {pythonVersion: 3.10, installFlyte: false}}, layers: [{workdir: /a}]}\n",
    "{from: {debianBase: {pythonVersion: 3.10, installFlyte: false}}, " +
      `clone: { baseImage: python:3.10-slim-bookworm@${digest} }, layers: [{workdir: /a}]}\n`,
  ],
  [
    "Python's image in JSON",
    '{"from": {"debianBase": {"installFlyte": false}}, "layers": [{"workdir": "/a"}]}',
    `{"from": {"debianBase": {"installFlyte": false}}, ` +
      `"clone": { "baseImage": "python:3.12-slim-bookworm@${digest}", "pythonVersion": "3.12" }, ` +
      `"layers": [{"workdir": "/a"}]}`,
    "app.image.json",
  ],
];

const refused: readonly (readonly [title: string, text: string, message: RegExp])[] = [
  ["a Dockerfile", "from: {dockerfile: {file: Dockerfile, registry: r, name: a}}", /the Dockerfile "Dockerfile" names/],
  ["a digest without a tag", `from: {base: "a@${older}"}`, /has no tag, so there is nothing to look up/],
  ["a release of Flyte as it is", "from: {debianBase: {}}", /nothing is built on it/],
  ["a name of the settings", "from: {refName: x}\nclone: {name: a}", /can't be changed safely. Write "y:1@sha256/],
  ["a text of several lines", "from:\n  base: >-\n    a:1\nclone: {name: a}", /can't be changed safely/],
];

describe("a pin of a base image", () => {
  after(removeTemporaryFolders);

  for (const [title, before, after, file] of rewritten)
    it(`is written to the spec: ${title}`, async () => assert.equal(await pinned(before, file), after));

  it("is of the version that the project wants, and stays when the project wants another", async () => {
    const root = temporaryFolder({ "pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.9,<3.11"\n' });
    const text =
      "from: { debianBase: { installFlyte: false } }\nclone: { name: app }\nlayers: [uvProject: pyproject.toml]\n";
    assert.match(
      await pinned(text, undefined, { root }),
      new RegExp(`clone: \\{ baseImage: python:3\\.10-slim-bookworm@${digest}, pythonVersion: 3\\.10, name: app \\}`),
    );
  });

  it("is written again over itself, with nothing else changed", async () => {
    const [, before, once] = rewritten[12] ?? [];
    assert.equal(await pinned(await pinned(before ?? "")), once);
  });

  for (const [title, text, message] of refused)
    it(`is refused for ${title}`, async () =>
      assert.rejects(pinned(text, undefined, { imageRefs: { x: "y:1" } }), { code: "imageInvalid", message }));

  it("doesn't change what else an anchor is used for", async () => {
    const text = "from: {base: {imageUri: &a a:1}}\nclone: {name: a}\nlayers:\n  - envVars: {A: *a}\n";
    await assert.rejects(pinned(text), { code: "imageInvalid", message: /can't be changed safely/ });
  });

  it("is refused for a spec that was edited while the digest was looked up", async () => {
    const { image } = readImageSpec("from: {base: a:1}", "app.image.yaml");
    assert.ok(image);
    const base = await basePin(image, {});
    for (const text of ["from: {base: a:2}", "from: {base: [", `from: {base: "a:1@${older}"}`])
      await assert.rejects(pinChange({ text, file: "app.image.yaml", places: {} }, base, digest), /changed meanwhile/);
  });

  it("is offered where the base is named", () => {
    const lineOf = (text: string): number | undefined => rangeOfBase(readImageSpec(text, "a.image.yaml").root)?.line;
    assert.equal(lineOf("from:\n  base: a\n"), 2);
    assert.equal(lineOf("from:\n  debianBase: {}\n"), 2);
    assert.equal(lineOf("from: {base: a}\nclone:\n  baseImage: b\n"), 3);
    assert.equal(lineOf("from:\n  refName: a\n"), undefined);
    assert.equal(lineOf("from: [a]\n"), undefined);
  });
});
