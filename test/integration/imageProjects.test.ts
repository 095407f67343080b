import assert from "node:assert/strict";
import { Image } from "../../src/core/image/image";
import { baseUser } from "../../src/core/jobs/baseUser";
import { onlyPlatform } from "../../src/core/jobs/onlyPlatform";
import type { ImageBuildOptions } from "../../src/core/image/plan/imageBuild";
import { buildImage, inspectImage, ownPlatform, type BuiltImage } from "../support/buildImage";
import { build, coreOn, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { pythonProject, uvLock } from "../support/uv/pythonProject";
import { uvStandIn } from "../support/uv/standIn";
import { WheelIndex, type TestPackage } from "../support/wheelIndex";

/** As people write it: without a version of Python. */
const start = Image.fromBase("python-base:3.11").clone({
  name: uniqueName("projects"),
  extendable: true,
  platform: ownPlatform,
});

/** What an index has; a stranger has the name of a project on this machine. */
const packages: readonly TestPackage[] = [
  { name: "plain", version: "1.0", value: "plain 1.0" },
  { name: "plain", version: "2.0", value: "plain 2.0" },
  { name: "needy", version: "1.0", value: "needy 1.0", requires: ["plain"] },
  { name: "tools", version: "9.0", value: "a stranger" },
  { name: "core", version: "9.0", value: "a stranger" },
];

/** Prints what modules hold. */
function show(...names: readonly string[]): string {
  const values = names.map((name) => `${name}.value`).join(", ");
  return `python -c 'import ${names.join(", ")}; print(${values}, sep="|")' # ${uniqueName()}`;
}

describe("a Python project in an image", function () {
  this.timeout(120_000);
  const index = new WheelIndex(packages);
  const guarded = new WheelIndex([{ name: "private", version: "1.0", value: "private 1.0" }], "me:hunter2-index");
  let uvImage: string;
  let registry: string;
  let uvIndex: string;

  before(async () => {
    await Promise.all([index.start(), guarded.start()]);
    uvImage = await uvStandIn();
    registry = `{ registry = "${index.url}" }`;
    uvIndex = `[[tool.uv.index]]\nurl = "${index.url}"\ndefault = true\n`;
  });
  after(() => {
    index.stop();
    guarded.stop();
    removeTemporaryFolders();
  });

  const built = (image: Image, options: ImageBuildOptions = {}): Promise<BuiltImage> =>
    buildImage(image, { uvImage, ...options }, { networkMode: "host" });

  for (const installer of ["uv", "pip"] as const) {
    describe(`by ${installer}`, () => {
      it("has packages on a base whose Python is any [F77] [F78]", async () => {
        const image = start.withPipPackages("needy", { indexUrl: index.url }).withCommands([show("needy", "plain")]);
        assert.match((await built(image, { installer })).output, /^needy 1\.0\|plain 2\.0$/m);
      });

      it("has what a requirements file lists [F79]", async () => {
        const root = temporaryFolder({ "requirements.txt": "needy\n-c limits.txt\n", "limits.txt": "plain<2\n" });
        const image = start
          .withRequirements("requirements.txt", { indexUrl: index.url })
          .withCommands([show("needy", "plain")]);
        assert.match((await built(image, { installer, root })).output, /^needy 1\.0\|plain 1\.0$/m);
      });

      it("has a package of an address with a token from a secret, which stays out [F66]", async () => {
        const secretsFolder = temporaryFolder({ TOKEN: "hunter2-index" });
        const image = start
          .withPipPackages(`private @ http://me:$TOKEN@${guarded.host}/files/private-1.0-py3-none-any.whl`, {
            secretMounts: "TOKEN",
            extraArgs: "--no-deps",
          })
          .withCommands([show("private"), "! grep -r hunter2 /opt/venv"]);
        assert.match((await built(image, { installer, secretsFolder })).output, /^private 1\.0$/m);
      });

      it("can be imported when it is installed, with its lock file's versions [F82]", async () => {
        const root = temporaryFolder({
          ...pythonProject("", { name: "app", dependencies: ["needy"], more: uvIndex }),
          "src/app/build/__init__.py": "value = 'a package named build'\n",
          "uv.lock": uvLock([
            { name: "app", source: '{ editable = "." }', dependencies: ["needy"] },
            { name: "needy", source: registry, dependencies: ["plain"] },
            { name: "plain", source: registry },
          ]),
        });
        const image = start
          .withUvProject("pyproject.toml", { projectInstallMode: "install_project" })
          .withCommands([show("app", "app.build", "needy", "plain")]);
        const { output } = await built(image, { installer, root });
        assert.match(output, /^app\|a package named build\|needy 1\.0\|plain 1\.0$/m);
      });

      it("has the projects beside it that it depends on, and no strangers of their names [F83]", async () => {
        const tools = `${uvIndex}[tool.uv.sources]\ntools = { path = "../libs/tools", editable = true }\n`;
        const root = temporaryFolder({
          ...pythonProject("app/", { name: "app", dependencies: ["tools", "plain"], more: tools }),
          ...pythonProject("libs/tools/", {
            name: "tools",
            dependencies: ["core"],
            more: '[tool.uv.sources]\ncore = { path = "../core" }\n',
          }),
          ...pythonProject("libs/core/", { name: "core" }),
        });
        const image = start
          .withUvProject("app/pyproject.toml")
          .withCommands([show("tools", "core", "plain"), "! python -c 'import app'"]);
        assert.match((await built(image, { installer, root })).output, /^tools\|core\|plain 2\.0$/m);
      });

      for (const [how, mode] of [
        ["depends on", "dependencies_only"],
        ["is", "install_project"],
      ] as const) {
        it(`has what a member of a workspace ${how}, by the workspace's lock file [F83]`, async () => {
          const root = temporaryFolder({
            "pyproject.toml": `[tool.uv.workspace]\nmembers = ["packages/*"]\n${uvIndex}`,
            "uv.lock": uvLock(
              [
                { name: "app", source: '{ editable = "packages/app" }', dependencies: ["core", "plain"] },
                { name: "core", source: '{ editable = "packages/core" }' },
                { name: "other", source: '{ editable = "packages/other" }' },
                { name: "plain", source: registry },
              ],
              ["app", "core", "other"],
            ),
            ...pythonProject("packages/app/", {
              name: "app",
              dependencies: ["core", "plain"],
              more: "[tool.uv.sources]\ncore = { workspace = true }\n",
            }),
            ...pythonProject("packages/core/", { name: "core" }),
            ...pythonProject("packages/other/", { name: "other" }),
          });
          const modules = mode === "install_project" ? ["app", "core", "plain"] : ["core", "plain"];
          const image = start
            .withUvProject("packages/app/pyproject.toml", { projectInstallMode: mode })
            .withCommands([show(...modules), "! python -c 'import other'"]);
          const expected = `${mode === "install_project" ? "app|" : ""}core|plain 1.0`;
          assert.ok((await built(image, { installer, root })).output.split("\n").includes(expected));
        });
      }

      it("has what a script's own sources say [F15]", async () => {
        const root = temporaryFolder({
          "run.py": [
            '# /// script\n# dependencies = ["tools", "plain"]',
            `# [[tool.uv.index]]\n# url = "${index.url}"\n# default = true`,
            '# [tool.uv.sources]\n# tools = { path = "tools" }\n# ///\n',
          ].join("\n"),
          ...pythonProject("tools/", { name: "tools" }),
        });
        const script = Image.fromUvScript("run.py", { name: uniqueName("script"), platform: ownPlatform });
        const [layer] = script.layers.slice(-1);
        const image = start.clone({ addlLayer: layer }).withCommands([show("tools", "plain")]);
        assert.match((await built(image, { installer, root })).output, /^tools\|plain 2\.0$/m);
      });
    });
  }

  it("leaves nothing of the installer in the image, nor of the mounts", async () => {
    const root = temporaryFolder(pythonProject("", { name: "app" }));
    const image = start
      .withUvProject("pyproject.toml", { projectInstallMode: "install_project" })
      .withEnvVars({ LAST: "1" });
    const result = await built(image, { root });
    const look = Image.fromBase(result.imageName)
      .clone({ name: uniqueName("look"), extendable: true, platform: ownPlatform })
      .withCommands([`ls -A /root /usr/local/bin /opt; echo end # ${uniqueName()}`]);
    const { output } = await buildImage(look);
    assert.doesNotMatch(output, /\buv\b|\.flyte\/\S|poetry|uv\.lock/);
    const { Config } = await inspectImage(result);
    assert.deepEqual(
      Config.Env.filter((each) => /^(?:UV|PIP|POETRY)_/.test(each)),
      [],
    );
  });

  it("runs as the user of its base, to whom its files belong", async () => {
    const base = uniqueName("user-base");
    const root = temporaryFolder({
      Dockerfile: "FROM python-base:3.11\nRUN echo worker:x:1234:99::/:/bin/sh >> /etc/passwd\nUSER worker\n",
      "main.py": "",
    });
    await build({ root, imageName: `${base}:1` });
    const image = Image.fromBase(`${base}:1`)
      .clone({ name: uniqueName("user"), extendable: true, platform: ownPlatform })
      .withPipPackages("plain", { indexUrl: index.url })
      .withSourceFile("main.py", { dst: "/app" });
    const result = await built(image, { root, baseUser: "worker" });
    assert.equal((await inspectImage(result)).Config.User, "worker");
    const look = Image.fromBase(result.imageName)
      .clone({ name: uniqueName("look"), extendable: true, platform: ownPlatform })
      .withCommands([`stat -c %u /app/main.py # ${uniqueName()}`]);
    assert.match((await buildImage(look)).output, /^1234$/m);
  });

  it("that names no platform is built for the one that the daemon's image store keeps", async () => {
    const image = Image.fromDebianBase({ name: uniqueName("platforms") })
      .clone({ baseImage: "busybox:1.35" })
      .withEnvVars({ A: "1" });
    const platform = await onlyPlatform(image, coreOn().services.engine);
    if (platform === undefined) {
      assert.ok((await buildImage(image)).imageId);
      return;
    }
    await assert.rejects(buildImage(image), { code: "optionInvalid" });
    assert.equal(platform, ownPlatform);
    assert.ok((await buildImage(image.clone({ platform }))).imageId);
    assert.equal(
      await onlyPlatform(image.clone({ platform: ["linux/amd64", "linux/arm64"] }), coreOn().services.engine),
      undefined,
    );
  });

  it("tells the user of its base, by the daemon", async () => {
    const signal = new AbortController().signal;
    const base = uniqueName("told");
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nUSER 1234:99\n" });
    await build({ root, imageName: `${base}:1` });
    assert.equal(await baseUser(`${base}:1`, coreOn(), signal), "1234:99");
    assert.equal(await baseUser("busybox:1.35", coreOn(), signal), "");
  });

  it("tells no user of its base that is no plain name", async () => {
    const base = uniqueName("odd-user");
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nARG NAME\nUSER $NAME\n" });
    await build({ root, imageName: `${base}:1`, options: { buildArgs: { NAME: "worker\nRUN id" } } });
    assert.equal((await inspectImage({ imageName: `${base}:1` })).Config.User, "worker\nRUN id");
    assert.equal(await baseUser(`${base}:1`, coreOn(), new AbortController().signal), undefined);
  });

  const failing: readonly (readonly [
    title: string,
    image: (root: Image<true>) => Image,
    files: Record<string, string>,
    words: RegExp,
  ])[] = [
    [
      "a lock file that no longer fits",
      (image) => image.withUvProject("pyproject.toml"),
      {
        ...pythonProject("", { name: "app", dependencies: ["plain"] }),
        "uv.lock": uvLock([{ name: "other", source: '{ editable = "." }' }]),
      },
      /needs to be updated|exit code: 2/,
    ],
    [
      "an option that uv doesn't have",
      (image) => image.withPipPackages("plain", { extraArgs: "--no-such-option" }),
      {},
      /unexpected argument|exit code: 2/,
    ],
  ];
  for (const [title, make, files, words] of failing) {
    it(`isn't built with ${title}`, async () => {
      await assert.rejects(built(make(start), { root: temporaryFolder(files) }), words);
    });
  }
});
