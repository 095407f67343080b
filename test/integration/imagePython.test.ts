import assert from "node:assert/strict";
import { Image } from "../../src/core/image/image";
import type { ImageBuildOptions } from "../../src/core/image/plan/imageBuild";
import { buildImage, ownPlatform, type BuiltImage } from "../support/buildImage";
import { askDaemon, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { wheel, wheelName, WheelIndex, type TestPackage } from "../support/wheelIndex";

const start = Image.fromBase("python-base:3.11").clone({
  name: uniqueName("python"),
  extendable: true,
  pythonVersion: [3, 11],
  platform: ownPlatform,
});

const packages: readonly TestPackage[] = [
  { name: "plain", version: "1.0", value: "plain 1.0" },
  { name: "pinned", version: "1.0", value: "pinned 1.0" },
  { name: "pinned", version: "2.0", value: "pinned 2.0" },
  { name: "needy", version: "1.0", value: "needy 1.0", requires: ["plain"] },
  { name: "flyte", version: "9.0", value: "from the index", requires: ["plain"] },
  { name: "early", version: "1.0", value: "early 1.0" },
  { name: "early", version: "2.0rc1", value: "early 2.0rc1" },
];

/** Builds on the machine's own network, where the index is. */
function buildPython(image: Image, options: ImageBuildOptions = {}): Promise<BuiltImage> {
  return buildImage(image, { installer: "pip", ...options }, { networkMode: "host" });
}

/** A command that prints what packages hold, and where Python is. */
const show = (...names: readonly string[]): string => {
  const values = names.map((name) => `${name}.value`).join(", ");
  return `python -c 'import sys, ${names.join(", ")}; print(sys.prefix, ${values}, sep="|")' # ${uniqueName()}`;
};

describe("Python in an image", function () {
  this.timeout(120_000);
  const index = new WheelIndex(packages);
  const guarded = new WheelIndex([{ name: "private", version: "1.0", value: "private 1.0" }], "me:hunter2-index");

  before(() => Promise.all([index.start(), guarded.start()]));
  after(() => {
    index.stop();
    guarded.stop();
    removeTemporaryFolders();
  });

  it("has packages of an index in the virtual environment, with what they need [F26] [F77] [F78]", async () => {
    const image = start
      .withPipPackages("needy", "pinned>=1,<2", { indexUrl: index.url })
      .withCommands([show("needy", "plain", "pinned")]);
    assert.match((await buildPython(image)).output, /^\/opt\/venv\|needy 1\.0\|plain 1\.0\|pinned 1\.0$/m);
  });

  it("has pre-releases and packages of a further index only when they are asked for [F26] [F78]", async () => {
    const indexUrl = index.url;
    const without = await buildPython(start.withPipPackages("early", { indexUrl }).withCommands([show("early")]));
    assert.match(without.output, /\|early 1\.0$/m);
    const empty = new WheelIndex([{ name: "other", version: "1", value: "" }]);
    await empty.start();
    const image = start
      .withPipPackages("early", { indexUrl: empty.url, extraIndexUrls: indexUrl, pre: true })
      .withCommands([show("early")]);
    const built = await buildPython(image).finally(() => empty.stop());
    assert.match(built.output, /\|early 2\.0rc1$/m);
  });

  it("has what a requirements file and those it includes list [F79]", async () => {
    const root = temporaryFolder({
      "plain.txt": "plain\n",
      "req/main.txt": "-r more/base.txt\n--constraint ../limits.txt\n",
      "req/more/base.txt": "pinned  # no version\n",
      "limits.txt": "pinned==1.0\n",
    });
    const image = start
      .withRequirements("plain.txt", { indexUrl: index.url })
      .withRequirements("req/main.txt", { indexUrl: index.url });
    const { output } = await buildPython(image.withCommands([show("plain", "pinned"), "echo $(ls -A /tmp) left"]), {
      root,
    });
    assert.match(output, /\|plain 1\.0\|pinned 1\.0$/m);
  });

  it("has packages of an index that wants a password, which stays out of everything [F66] [F70] [F78]", async () => {
    const secretsFolder = temporaryFolder({ INDEX_PASSWORD: "hunter2-index" });
    const image = start
      .withPipPackages("private", {
        indexUrl: `http://me:$INDEX_PASSWORD@${guarded.host}/simple`,
        secretMounts: "INDEX_PASSWORD",
      })
      .withCommands([show("private")]);
    const { output, imageName } = await buildPython(image, { secretsFolder });
    assert.match(output, /\|private 1\.0$/m);
    const told =
      output +
      JSON.stringify(await askDaemon(`/images/${encodeURIComponent(imageName)}/history`)) +
      JSON.stringify(await askDaemon(`/images/${encodeURIComponent(imageName)}/json`));
    assert.ok(!told.includes("hunter2-index"));
  });

  it("has a local wheel, though an index has a newer one, and what that needs [F42] [F85]", async () => {
    const local: TestPackage = { name: "flyte", version: "1.0", value: "local", requires: ["plain"] };
    const root = temporaryFolder({ [`dist/${wheelName(local)}`]: wheel(local), "dist/notes.txt": "" });
    const indexed = start.withPipPackages("plain", { indexUrl: index.url }).withEnvVars({ PIP_INDEX_URL: index.url });
    assert.match(
      (await buildPython(indexed.withLocalV2().withCommands([show("flyte", "plain")]), { root })).output,
      /\|local\|plain 1\.0$/m,
    );
  });

  it("has what a uv project depends on, in the locked versions [F38] [F81]", async () => {
    const root = temporaryFolder({
      "pyproject.toml": '[project]\nname = "p"\nversion = "1"\ndependencies = ["needy", "pinned"]\n',
      "uv.lock":
        'version = 1\n\n[[package]]\nname = "pinned"\nversion = "1.0"\n' +
        'source = { registry = "https://packages.example/simple" }\n',
    });
    const image = start
      .withUvProject("pyproject.toml", { indexUrl: index.url })
      .withCommands([show("needy", "pinned")]);
    assert.match((await buildPython(image, { root })).output, /\|needy 1\.0\|pinned 1\.0$/m);
  });

  it("installs nothing again for an image that stands on such a one [F77]", async () => {
    const first = await buildPython(start.withPipPackages("plain", { indexUrl: index.url }));
    const image = Image.fromBase(first.imageName)
      .clone({ name: uniqueName(), extendable: true, platform: ownPlatform })
      .withPipPackages("pinned", { indexUrl: index.url });
    assert.match(
      (await buildPython(image.withCommands([show("plain", "pinned")]))).output,
      /^\/opt\/venv\|plain 1\.0\|pinned 2\.0$/m,
    );
  });

  it("fails with the installer's words when there is no such package [F114]", async () => {
    await assert.rejects(
      buildPython(start.withPipPackages("missing", { indexUrl: index.url })),
      /No matching distribution found for missing|exit code: 1/,
    );
  });
});
