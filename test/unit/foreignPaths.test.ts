import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../src/core/context/files/buildContext";
import type { DockerfileSource } from "../../src/core/context/files/dockerfileSource";
import { findIgnoreFile, readIgnoreList } from "../../src/core/context/files/ignoreFile";
import { FolderMovedError, inFolder } from "../../src/core/context/files/realFolder";
import { readRegularFile } from "../../src/core/context/files/readRegularFile";
import { readGitIgnoreFiles } from "../../src/core/context/gitignore/readGitIgnoreFiles";
import { ignoreFilePlace } from "../../src/core/context/lint/state/ignoreFilePlace";
import { importedFiles } from "../../src/core/image/files/pythonImports";
import { ImageBuilderError } from "../../src/core/base/errors";
import { silentLog } from "../../src/core/base/log";
import { expandFileArgument } from "../../src/core/components/componentArguments";
import { confirmBuildSources } from "../../src/core/consent/buildSources";
import type { BuildJob } from "../../src/core/engine/buildJob";
import { prepareSecrets } from "../../src/core/engine/buildSecrets";
import { prepareSshAgents } from "../../src/core/engine/buildSshAgents";
import { prepareNamedContexts } from "../../src/core/engine/namedContexts";
import { loadFlavorSource } from "../../src/core/flavors/flavorSource";
import { isConfined } from "../../src/core/image/files/confinement";
import { Image } from "../../src/core/image/image";
import { imageUri } from "../../src/core/image/plan/imageUri";
import { placeProblems } from "../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../src/core/image/spec/readImageSpec";
import { resolveEndpoint } from "../../src/core/transport/endpoint";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { Asked, isRefused } from "./consent/askedSources";

/** Nobody has this name, so that looking at it would fail in other words, after a while. */
const share = "//image-builders.invalid/share";

const text = "FROM scratch\nRUN --mount=type=secret,id=key --mount=type=ssh true\n";
const dockerfile: DockerfileSource = { file: "Dockerfile", name: "Dockerfile", bytes: Buffer.from(text), text };
const base = Image.fromDebianBase({ installFlyte: false, name: "app" });

/** Each is a path of another computer that a workspace names, and must come to nothing before anybody is asked. */
describe("A path of another computer, on Windows,", () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform");
  let asked: Asked;
  let root: string;

  before(() => {
    root = temporaryFolder({
      "pyproject.toml": "",
      "r.txt": `-r ${share}/r.txt\n`,
      "uv/pyproject.toml": `project={dependencies=["a"]}\ntool.uv.sources.a={path="${share}/a"}\n`,
      "locked/pyproject.toml": 'project={name="p"}\n',
      "locked/uv.lock": `[[package]]\nname="a"\nsource={directory="${share}/a"}\n`,
      "poetry/pyproject.toml": "",
      "poetry/poetry.lock": `[[package]]\nname="a"\nsource={type="directory",url="${share}/a"}\n`,
    });
    symlinkSync(`${share}/linked`, join(root, "linked"));
  });
  beforeEach(() => {
    asked = new Asked();
    Object.defineProperty(process, "platform", { value: "win32" });
  });
  afterEach(() => {
    if (platform) Object.defineProperty(process, "platform", platform);
  });
  after(removeTemporaryFolders);

  const job = (options: BuildJob["options"]): BuildJob =>
    ({
      context: new BuildContext({ root }),
      options,
      engineInfo: { apiVersion: "1.47" },
      client: { endpoint: { address: "", source: "", connection: { kind: "socket", path: "" } } },
    }) as unknown as BuildJob;
  const operation = () => ({ ...recordingOperation(), consent: asked });

  const sources: Readonly<Record<string, () => Promise<unknown>>> = {
    "a build secret": () =>
      prepareSecrets(job({ secrets: { key: { file: `${share}/key` } } }), dockerfile, operation()),
    "an SSH key": () => prepareSshAgents(job({ ssh: { default: `${share}/key` } }), dockerfile, operation()),
    "an SSH agent": () => prepareSshAgents(job({ ssh: { default: `${share}/pipe/agent` } }), dockerfile, operation()),
    "a named build context": () => prepareNamedContexts(job({ buildContexts: { app: `${share}/app` } }), operation()),
    "the target of an SSH key's link": () =>
      prepareSshAgents(job({ ssh: { default: join(root, "linked/key") } }), dockerfile, operation()),
    "the target of a build secret's link": () =>
      prepareSecrets(job({ secrets: { key: { file: "linked/key" } } }), dockerfile, operation()),
    "the target of a named build context's link": () =>
      prepareNamedContexts(job({ buildContexts: { app: "linked" } }), operation()),
    "a build secret of another builder": () => confirm({ secrets: { key: { file: `${share}/key` } } }),
    "an SSH key of another builder": () => confirm({ ssh: { default: `${share}/key` } }),
    "a named build context of another builder": () => confirm({ buildContexts: { app: `${share}/app` } }),
  };
  for (const [what, use] of Object.entries(sources))
    it(`that is ${what} is asked about before it is looked at`, async () => {
      await assert.rejects(use(), isRefused);
      assert.equal(asked.requests.length, 1);
      const [source] = asked.requests.map(({ source: each }) => each);
      assert.match(JSON.stringify(source), /image-builders\.invalid|linked/);
    });

  function confirm(options: BuildJob["options"]): Promise<void> {
    const destination = { kind: "build", folder: root, address: "", isLocal: false } as const;
    return confirmBuildSources({ options, root, destination }, operation());
  }

  const images: Readonly<Record<string, Image>> = {
    "a requirements file": base.withRequirements(`${share}/r.txt`),
    "an included requirements file": base.withRequirements("r.txt"),
    "a folder": base.withSourceFolder(`${share}/src`),
    "a file": base.withSourceFile(`${share}/app.py`),
    "an ignore file": base.withDockerignore(`${share}/.dockerignore`),
    "a project": base.withUvProject(`${share}/pyproject.toml`),
    "a project's lock file": base.withPoetryProject("pyproject.toml", { poetryLock: `${share}/poetry.lock` }),
    "a source of a project": base.withUvProject("uv/pyproject.toml"),
    "a locked source of a project": base.withUvProject("locked/pyproject.toml"),
    "a locked source of a Poetry project": base.withPoetryProject("poetry/pyproject.toml"),
    "the target of a link": base.withSourceFile("linked/app.py"),
    "the target of a linked folder": base.withSourceFolder("linked"),
    "a script": Image.fromUvScript(`${share}/script.py`, { name: "app", registry: "ghcr.io/team" }),
    "a Dockerfile": Image.fromDockerfile(`${share}/Dockerfile`, { name: "app", registry: "ghcr.io/team" }),
  };
  for (const [what, image] of Object.entries(images))
    it(`that is ${what} of an image is refused, not looked at`, async () => {
      const wanted = (error: unknown) =>
        ImageBuilderError.is(error, "imageFileMissing") && error.message.includes("is on another computer");
      await assert.rejects(async () => imageUri(image, { root }), wanted);
    });

  const links: Readonly<Record<string, (folder: string) => unknown>> = {
    "an ignore file": (folder) =>
      readIgnoreList(join(folder, "link"), { builder: "buildkit", alwaysInclude: [], warn: () => undefined }),
    "an ignore file that the classic builder takes": (folder) => {
      symlinkSync(`${share}/ignore`, join(folder, ".dockerignore"));
      const file = findIgnoreFile({ root: folder, builder: "classic" });
      assert.equal(file, join(folder, ".dockerignore"));
      return readIgnoreList(file, { builder: "classic", alwaysInclude: [], warn: () => undefined });
    },
    "a copied folder's ignore file": async (folder) => {
      symlinkSync(`${share}/ignore`, join(folder, ".dockerignore"));
      return imageUri(base.withSourceFolder("."), { root: folder });
    },
    "a project file": async (folder) => {
      symlinkSync(`${share}/uv.lock`, join(folder, "uv.lock"));
      writeFiles(folder, { "pyproject.toml": "" });
      return imageUri(base.withUvProject("pyproject.toml"), { root: folder });
    },
    "a file that is read as a whole": (folder) => readRegularFile(join(folder, "link")),
    "an imported module": (folder) => {
      writeFiles(folder, { "main.py": "import link\n" });
      symlinkSync(`${share}/link.py`, join(folder, "link.py"));
      return importedFiles(folder);
    },
    "an imported package": (folder) => {
      writeFiles(folder, { "main.py": "import link.inner\n" });
      return importedFiles(folder);
    },
  };
  for (const [what, read] of Object.entries(links))
    it(`that ${what} leads to is not looked at`, async () => {
      const folder = temporaryFolder();
      symlinkSync(`${share}/file`, join(folder, "link"));
      await assert.rejects(
        async () => read(folder),
        /link to another computer|on another computer|is a link to a path outside/,
      );
    });

  it("that a .gitignore leads to is passed over", () => {
    const folder = temporaryFolder();
    symlinkSync(`${share}/ignore`, join(folder, ".gitignore"));
    assert.deepEqual(readGitIgnoreFiles(folder).above, []);
  });

  it("that a folder leads to since it was listed is not looked at", () => {
    assert.throws(() => inFolder(join(root, "linked/inner"), () => undefined), FolderMovedError);
  });

  it("that an ignore file leads to is a link out of the context", () => {
    const folder = temporaryFolder();
    symlinkSync(`${share}/ignore`, join(folder, ".dockerignore"));
    assert.equal(ignoreFilePlace(folder, ".dockerignore"), "linkOut");
  });

  it("that is in a spec file is underlined, and not looked for", () => {
    const spec = readImageSpec(
      `from: {debianBase: {}}\nclone: {name: app}\nlayers:\n  - requirements: ${share}/r.txt\n`,
      "app.image.yaml",
    );
    const problems = placeProblems(spec, { root });
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", /is on another computer and was not accessed/);
  });

  it("is outside of every folder of a workspace that is not trusted", () => {
    assert.equal(isConfined(`${share}/file`, { folders: [root] }), false);
    assert.equal(isConfined(join(root, "linked/file"), { folders: [root] }), false);
  });

  it("that is a flavor's module is refused, not looked at", async () => {
    const source = { source: `${share}/flavor.mjs`, type: "image_builder", root, log: silentLog } as const;
    await assert.rejects(loadFlavorSource(source), /is on another computer/);
  });

  it("that is an argument's file is refused, not looked at", async () => {
    await assert.rejects(expandFileArgument(`@${share}/key.json`, root), /is on another computer/);
  });

  it("that is a daemon's pipe is refused: it would count as a daemon of this machine", async () => {
    for (const pipe of ["//evil/pipe/docker_engine", "\\\\evil\\pipe\\docker_engine", "//./pipe/../UNC/evil/pipe/d"])
      await assert.rejects(
        resolveEndpoint({ dockerHost: `npipe:${"//"}${pipe}`, env: {}, homeDir: root, platform: "win32" }),
        /the pipe is on another computer/,
      );
  });
});
