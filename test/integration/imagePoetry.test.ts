import assert from "node:assert/strict";
import { join } from "node:path";
import { Image } from "../../src/core/image/image";
import { poetryVersion } from "../../src/core/image/definition/renderOptions";
import { buildImage, ownPlatform, type BuiltImage } from "../support/buildImage";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { poetryBase, poetryPackage, seedPoetry } from "../support/poetry";
import { pythonProject } from "../support/uv/pythonProject";
import { uvStandIn } from "../support/uv/standIn";
import { volume } from "../support/volume";
import { WheelIndex } from "../support/wheelIndex";

const start = Image.fromBase(poetryBase).clone({
  name: uniqueName("poetry"),
  extendable: true,
  platform: ownPlatform,
});
const installed = { projectInstallMode: "install_project" } as const;

/** Prints what modules hold. */
function show(...names: readonly string[]): string {
  const values = names.map((name) => `${name}.value`).join(", ");
  return `python -c 'import ${names.join(", ")}; print(${values}, sep="|")' # ${uniqueName()}`;
}

describe("a Poetry project in an image", function () {
  this.timeout(240_000);
  const index = new WheelIndex([
    poetryPackage(poetryVersion),
    { name: "plain", version: "1.0", value: "plain 1.0" },
    { name: "plain", version: "2.0", value: "plain 2.0" },
    { name: "needy", version: "1.0", value: "needy 1.0", requires: ["plain"] },
    { name: "checks", version: "1.0", value: "checks 1.0" },
  ]);
  let uvImage: string;

  before(async () => {
    await Promise.all([index.start(), seedPoetry()]);
    uvImage = await uvStandIn();
  });
  after(() => {
    index.stop();
    removeTemporaryFolders();
  });

  /** The tables of a project that Poetry reads; the others are for who builds it. */
  function poetryTables(name: string, dependencies: Readonly<Record<string, string>>): string {
    const needs = Object.entries(dependencies).map(([package_, what]) => `${package_} = ${what}`);
    return [
      `[tool.poetry]\nname = "${name}"\nversion = "1.0"\ndescription = ""\nauthors = []`,
      `packages = [{ include = "${name}", from = "src" }]`,
      `[tool.poetry.dependencies]\npython = "^3.11"\n${needs.join("\n")}`,
      '[tool.poetry.group.dev.dependencies]\nchecks = "*"',
      `[[tool.poetry.source]]\nname = "local"\nurl = "${index.url}"\ndefault = true\n`,
    ].join("\n");
  }

  /** Has Poetry write the lock file of a project in a folder, as its developer would. */
  async function lock(root: string, project = "."): Promise<void> {
    const image = start
      .withSourceFolder(".", { dst: "/work", copyContentsOnly: true })
      .withCommands([
        `cd /work/${project} && ` +
          "python3 -c 'import sys; from poetry.console.application import main; sys.exit(main())' " +
          `lock -n >/dev/null && echo "lock:$(base64 -w0 poetry.lock)" # ${uniqueName()}`,
      ]);
    const { output } = await buildImage(image, { root }, { networkMode: "host" });
    const [, text] = /^lock:(\S+)$/m.exec(output) ?? [];
    assert.ok(text, output);
    writeFiles(root, { [join(project, "poetry.lock")]: Buffer.from(text, "base64") });
  }

  const built = (image: Image<true>, root: string, installer: "uv" | "pip"): Promise<BuiltImage> =>
    buildImage(
      Image.fromDefinition({
        ...image,
        // Poetry itself comes from the machine's index, too.
        layers: [
          ...start.withEnvVars({ UV_DEFAULT_INDEX: index.url, PIP_INDEX_URL: index.url }).layers,
          ...image.layers,
        ],
      }),
      { root, uvImage, installer },
      { networkMode: "host" },
    );

  // They differ only in who installs Poetry itself, which uv does in the last test, too.
  for (const installer of volume<readonly ("uv" | "pip")[]>(["pip"], ["uv", "pip"])) {
    describe(`by ${installer}`, () => {
      it("has what it depends on in the locked versions, and no development packages [F84]", async () => {
        const root = temporaryFolder({
          ...pythonProject("", { name: "app", more: poetryTables("app", { needy: '"*"', plain: '"<2"' }) }),
        });
        await lock(root);
        const image = start
          .withPoetryProject("pyproject.toml")
          .withCommands([show("needy", "plain"), "! python -c 'import checks'", "! python -c 'import app'"]);
        assert.match((await built(image, root, installer)).output, /^needy 1\.0\|plain 1\.0$/m);
      });

      it("can be imported when it is installed, and so can a folder that it depends on [F84]", async () => {
        const root = temporaryFolder({
          ...pythonProject("app/", {
            name: "app",
            more: poetryTables("app", { tools: '{ path = "../tools", develop = true }', plain: '"*"' }),
          }),
          ...pythonProject("tools/", { name: "tools", more: poetryTables("tools", {}) }),
        });
        await lock(root, "app");
        const image = start
          .withPoetryProject("app/pyproject.toml", installed)
          .withCommands([show("app", "tools", "plain")]);
        assert.match((await built(image, root, installer)).output, /^app\|tools\|plain 2\.0$/m);
      });

      it("has its development packages if the arguments say so", async () => {
        const root = temporaryFolder(pythonProject("", { name: "app", more: poetryTables("app", { plain: '"*"' }) }));
        await lock(root);
        const image = start
          .withPoetryProject("pyproject.toml", { extraArgs: "--with dev" })
          .withCommands([show("checks", "plain")]);
        assert.match((await built(image, root, installer)).output, /^checks 1\.0\|plain 2\.0$/m);
      });

      it("isn't installed by a lock file that no longer fits", async () => {
        const root = temporaryFolder(pythonProject("", { name: "app", more: poetryTables("app", { plain: '"<2"' }) }));
        await lock(root);
        writeFiles(root, pythonProject("", { name: "app", more: poetryTables("app", { needy: '"*"' }) }));
        await assert.rejects(built(start.withPoetryProject("pyproject.toml"), root, installer), {
          code: "buildFailed",
        });
      });
    });
  }

  it("leaves no file of Poetry in the image", async () => {
    const root = temporaryFolder(pythonProject("", { name: "app", more: poetryTables("app", { plain: '"*"' }) }));
    await lock(root);
    const { imageName } = await built(start.withPoetryProject("pyproject.toml"), root, "uv");
    const look = Image.fromBase(imageName)
      .clone({ name: uniqueName("look"), extendable: true, platform: ownPlatform })
      .withCommands([`ls /opt/venv/bin; find /root /opt/poetry ! -type d; echo end # ${uniqueName()}`]);
    const { output } = await buildImage(look);
    // The places of mounts stay as empty folders.
    assert.match(output, /^end$/m);
    assert.doesNotMatch(output, /poetry|^\/root\//m);
  });
});
