import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { renderDockerfile } from "../../../src/core/image/render/dockerfile";
import type { RenderOptions } from "../../../src/core/image/definition/renderOptions";
import { resolveImage, type ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { imageProjectFiles } from "../../support/imageProject";

const fixtures = join(__dirname, "../../fixtures/image");
const start = Image.fromBase("python:3.12-slim").clone({
  name: "app",
  registry: "ghcr.io/team",
  extendable: true,
  pythonVersion: [3, 12],
});
const alpine = Image.fromBase("alpine:3.22").clone({ name: "app", extendable: true });
const plain = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });
const secrets = ["GITHUB_PAT", { key: "netrc", mount: "/root/.netrc" }] as const;

interface Case {
  readonly image: Image;
  readonly options?: RenderOptions & ImagePlaces;
}

/** By the name of the golden file; the rows that it shows are in it. */
const cases: Readonly<Record<string, Case>> = {
  "apt [F24] [F80]": { image: start.withAptPackages("git", "curl", "libfoo=1.2*") },
  "apt with secrets [F66] [F91]": { image: start.withAptPackages("git", { secretMounts: secrets }) },
  apk: { image: alpine.withApkPackages("git", "py3-numpy=~2.1") },
  "dnf with secrets": {
    image: Image.fromBase("fedora:42").clone({ name: "app", extendable: true }).withDnfPackages("git", "@core", {
      secretMounts: secrets,
    }),
  },
  microdnf: {
    image: Image.fromBase("registry.access.redhat.com/ubi9/ubi-minimal:9.6")
      .clone({ name: "app", extendable: true })
      .withMicrodnfPackages("git"),
  },
  "pip [F26] [F76] [F77] [F78]": {
    image: start.withPipPackages("numpy", "pandas>=2,<3", "it's", {
      indexUrl: "https://i/simple",
      extraIndexUrls: ["https://a", "https://b"],
      pre: true,
      extraArgs: "--no-deps",
    }),
  },
  "pip with secrets [F26] [F66] [F91]": {
    image: start.withPipPackages("private", {
      indexUrl: "https://user:$GITHUB_PAT@i/simple?a=$b",
      secretMounts: secrets,
    }),
  },
  "pip without a python version": {
    image: Image.fromBase("uv-base:1").clone({ name: "app", extendable: true }).withPipPackages("numpy"),
    options: { uvSource: "base" },
  },
  "pip by pip": { image: start.withPipPackages("numpy", "pandas>=2,<3", { pre: true }), options: { installer: "pip" } },
  "pip with uv from the index": { image: start.withPipPackages("numpy"), options: { uvSource: "pip" } },
  "pip with another uv image and a syntax line": {
    image: start.withPipPackages("numpy"),
    options: { uvImage: "mirror.local:5000/uv:1", syntax: "docker/dockerfile:1.10" },
  },
  "requirements [F79]": { image: start.withRequirements("requirements.txt", { indexUrl: "https://i/simple" }) },
  "requirements that include others [F79]": { image: start.withRequirements("req/main.txt") },
  "env [F30] [F86] [F87]": {
    image: plain.withEnvVars({
      PLAIN: "1",
      SPACED: "a b",
      QUOTED: `say "it's"`,
      DOLLAR: "costs $5 $HOME",
      PATH: "/x:$PATH",
      BACKSLASH: "C:\\n\\",
      EMPTY: "",
      LINES: "one\ntwo",
    }),
  },
  "workdir [F31] [F86]": { image: plain.withWorkdir("/app").withWorkdir("/a b/$c") },
  "commands [F32] [F86]": {
    image: plain
      .withCommands([
        "echo a && echo 'b c'",
        '[ -f /x ] || echo "no"',
        "cat <<EOF > /x\n$HOME\nEOF",
        "echo one \\\n  two",
        "--help || true",
      ])
      .withCommands("# nothing"),
  },
  "commands with secrets [F66]": {
    image: plain.withCommands(["curl -H @/root/.netrc x", "set -e\nmake"], { secretMounts: secrets }),
  },
  "folders [F33] [F86] [F88]": {
    image: plain
      .withSourceFolder("proj")
      .withSourceFolder("proj", { dst: "/opt/x" })
      .withSourceFolder("proj", { copyContentsOnly: true })
      .withSourceFolder(".", { dst: "/all it's $1" }),
  },
  "files [F34] [F86]": {
    image: plain
      .withSourceFile("a.txt")
      .withSourceFile(["a.txt", "s.py"], { dst: "/d/" })
      .withSourceFile("odd name[1].txt", { dst: "/d" }),
  },
  "places that collide or lead out [F92]": {
    image: plain
      .withSourceFolder("proj")
      .withSourceFile("proj/uv.lock")
      .withSourceFile("../outside.txt")
      .withSourceFile("a..b.txt")
      .withSourceFile("Dockerfile")
      .withSourceFile(".dockerignore"),
  },
  "uv project with a lock file [F38] [F41] [F81]": {
    image: start.withUvProject("proj/pyproject.toml", { extraIndexUrls: "https://a", pre: true }),
  },
  "uv project without a lock file [F81]": {
    image: start.withUvProject("unlocked/pyproject.toml", { extraArgs: "--no-install-project --no-dev" }),
  },
  "uv project installed [F41] [F82]": {
    image: start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
  },
  "uv project with local sources [F83]": { image: start.withUvProject("deep/proj/pyproject.toml") },
  "uv project with local sources installed [F83]": {
    image: start.withUvProject("deep/proj/pyproject.toml", { projectInstallMode: "install_project" }),
  },
  "packages and data over ssh": {
    image: start
      .withAptPackages("git", "openssh-client")
      .withPipPackages("tools @ git+ssh://git@github.com/team/tools@v1", { sshMount: "default" })
      .withCommands("git clone ssh://git@git.example.com/team/data /data", {
        sshMount: { id: "deploy", knownHosts: "keys/known_hosts" },
      }),
  },
  "pip with constraints": {
    image: start.withPipPackages("six", { constraints: ["constraints.txt", "req/main.txt"] }),
  },
  "uv project with extras and groups": {
    image: start
      .clone({ uvVersion: "0.9.2", systemSitePackages: true })
      .withUvProject("parts/pyproject.toml", { extras: "plot", groups: ["dev", "docs"] }),
  },
  "uv project by pip": { image: start.withUvProject("proj/pyproject.toml"), options: { installer: "pip" } },
  "poetry project [F40] [F84]": { image: start.withPoetryProject("proj/pyproject.toml", { extraArgs: "--only main" }) },
  "poetry project installed [F69] [F84]": {
    image: start.withPoetryProject("proj/pyproject.toml", {
      projectInstallMode: "install_project",
      secretMounts: "GITHUB_PAT",
    }),
  },
  "poetry with --no-root of its own [F84]": {
    image: start.withPoetryProject("proj/pyproject.toml", { extraArgs: "--no-root" }),
  },
  "wheels [F42] [F85]": { image: start.withLocalV2() },
  "uv script [F15] [F73] [F74]": { image: Image.fromUvScript("local.py", { name: "script" }) },
  "debian base [F8] [F89] [F90]": {
    image: Image.fromDebianBase({ installFlyte: false, name: "app" }).withSourceFile("a.txt").withWorkdir("/work"),
  },
  "code bundle of all [F97]": {
    image: plain.withCodeBundle({ copyStyle: "all", dst: "/root" }).withEnvVars({ A: "1" }),
  },
  "code bundle of loaded modules [F97]": { image: plain.withCodeBundle(), options: { entrypoints: ["s.py"] } },
  "how it runs": {
    image: plain
      .withBuildArgs({ VERSION: "1.10" })
      .withUser("app")
      .withCmd(["replaced"])
      .withExpose([8080, "53/udp"])
      .withLabels({ "org.example.team": "a b" })
      .withSourceFile("a.txt", { dst: "/app" })
      .withEntrypoint(["/app/run"])
      .withCmd("serve --port 8080"),
  },
  "web service": {
    image: Image.fromDebianBase({ installFlyte: false, registry: "ghcr.io/team", name: "service" })
      .withAptPackages("git")
      .withRequirements("requirements.txt")
      .withEnvVars({ PORT: "8080", GREETING: "good day" })
      .withWorkdir("/app")
      .withSourceFolder("proj/src", { dst: "/app", copyContentsOnly: true })
      .withCommands(["python -m compileall /app"]),
  },
};

describe("the Dockerfile of an image", () => {
  let root: string;

  before(() => {
    const parent = temporaryFolder({ "outside.txt": "out\n" });
    root = join(parent, "project");
    writeFiles(root, {
      ...imageProjectFiles,
      "req/main.txt": "-r base.txt\n-c ../constraints.txt\nflask\n",
      "req/base.txt": "six\n",
      "constraints.txt": "six==1.16\n",
      "odd name[1].txt": "odd\n",
      "keys/known_hosts": "git.example.com ssh-ed25519 AAAA\n",
      "a..b.txt": "dots\n",
      Dockerfile: "FROM scratch\n",
      ".dockerignore": "nothing\n",
      "parts/pyproject.toml":
        '[project]\nname = "parts"\nversion = "1"\n[project.optional-dependencies]\nplot = ["a"]\n' +
        '[dependency-groups]\ndev = ["b"]\ndocs = ["c"]\n',
      "unlocked/pyproject.toml": '[project]\nname = "u"\nversion = "1"\n',
      "deep/proj/pyproject.toml": '[project]\nname = "d"\nversion = "1"\n',
      "deep/proj/uv.lock": ["../../libs/one", "libs/two", "../../proj"]
        .map((path) => `[[package]]\nname = "${path}"\nversion = "1"\nsource = { editable = "${path}" }\n`)
        .join("\n"),
      "libs/one/pyproject.toml": "",
      "deep/proj/libs/two/pyproject.toml": "",
      "local.py":
        '# /// script\n# requires-python = ">=3.10,<3.12"\n# dependencies = ["httpx", "p @ file://proj"]\n# ///\n',
    });
  });
  after(removeTemporaryFolders);

  for (const [title, { image, options = {} }] of Object.entries(cases)) {
    it(`is as it should be for ${title}`, () => {
      const { text, buildArgs } = renderDockerfile(resolveImage(image, { root, ...options }), "ghcr.io/team/app:tag");
      const actual =
        text +
        Object.entries(buildArgs)
          .map(([name, value]) => `# build argument ${name}=${JSON.stringify(value)}\n`)
          .join("");
      const file = join(fixtures, fileName(title));
      if (process.env.UPDATE_FIXTURES) writeFileSync(file, actual);
      assert.equal(actual, readFileSync(file, "utf8"));
    });
  }

  it("has a golden file for each case, and none besides", () => {
    assert.deepEqual(readdirSync(fixtures).sort(), Object.keys(cases).map(fileName).sort());
  });
});

function fileName(title: string): string {
  return `${title.replace(/\s*\[F\d+\]/g, "").replaceAll(" ", "-")}.Dockerfile`;
}
