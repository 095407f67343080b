import assert from "node:assert/strict";
import { join } from "node:path";
import { dockerfileOf } from "../../../src/core/image/convert/dockerfileOf";
import { specNameOf, specOf } from "../../../src/core/image/convert/specOf";
import { Image } from "../../../src/core/image/image";
import type { PythonVersion } from "../../../src/core/image/definition/pythonVersion";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { writeImageSpec } from "../../../src/core/image/spec/writeImageSpec";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const lock = "version = 1\n";
const header = '# /// script\n# dependencies = ["rich"]\n# ///\n';

describe("a spec that is proposed for a folder", () => {
  after(removeTemporaryFolders);

  const folders: readonly (readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    kinds: readonly string[],
  ])[] = [
    ["nothing", {}, ["empty"]],
    ["a uv project", { "pyproject.toml": "[project]\n", "uv.lock": lock }, ["uvProject", "empty"]],
    ["a project without a lock file", { "pyproject.toml": "[project]\n" }, ["uvProject", "empty"]],
    ["a Poetry project", { "pyproject.toml": "[project]\n", "poetry.lock": lock }, ["poetryProject", "empty"]],
    ["requirements", { "requirements.txt": "httpx\n" }, ["requirements", "empty"]],
    ["scripts, of which one has a header", { "a.py": "print(1)\n", "b.py": header }, ["uvScript", "empty"]],
    ["a Node project", { "package.json": "{}", "package-lock.json": "{}" }, ["node", "empty"]],
    ["a Dockerfile", { Dockerfile: "FROM scratch\n" }, ["dockerfile", "empty"]],
    [
      "several",
      {
        "pyproject.toml": "[project]\n",
        "requirements.txt": "",
        "s.py": header,
        "package.json": "{}",
        Dockerfile: "FROM scratch\n",
      },
      ["uvProject", "requirements", "uvScript", "node", "dockerfile", "empty"],
    ],
  ];
  for (const [what, files, kinds] of folders) {
    it(`fits ${what}, is read without a problem, and its files are there`, async () => {
      const folder = temporaryFolder({ ".keep": "", ...files });
      const proposals = await proposeSpecs(folder);
      assert.deepEqual(
        proposals.map(({ kind }) => kind),
        kinds,
      );
      for (const { text, fileName } of proposals) {
        const { image, problems } = readImageSpec(text, fileName);
        assert.deepEqual(problems, [], text);
        await image?.validate({ root: folder });
      }
    });
  }

  it("has the Python that the project wants, and a name that is free", async () => {
    const folder = temporaryFolder({
      "My App/pyproject.toml": '[project]\nrequires-python = ">=3.9,<3.12"\n',
      "My App/my-app.image.yaml": "",
    });
    const [proposal] = await proposeSpecs(join(folder, "My App"));
    assert.equal(proposal?.fileName, "my-app-2.image.yaml");
    assert.match(proposal?.text ?? "", /base: python:3\.11-slim/);
  });

  const pythons: readonly (readonly [
    origin: string,
    files: Readonly<Record<string, string>>,
    interpreter: PythonVersion | undefined,
    text: RegExp,
  ])[] = [
    [
      "the project",
      { "pyproject.toml": '[project]\nrequires-python = ">=3.10,<3.12"\n' },
      [3, 13],
      /^# Python 3\.11 comes from requires-python in pyproject\.toml\.\n[^]*python:3\.11-slim/m,
    ],
    [
      "a pinned version",
      { "requirements.txt": "", ".python-version": "3.10.4\n" },
      [3, 13],
      /^# Python 3\.10 comes from \.python-version\.\n[^]*python:3\.10-slim/m,
    ],
    [
      "the editor's interpreter",
      { "requirements.txt": "" },
      [3, 13],
      /^# Python 3\.13 comes from the Python interpreter that is selected in VS Code\.\n[^]*python:3\.13-slim/m,
    ],
    ["the default", { "requirements.txt": "" }, undefined, /^(?![^]*# Python )[^]*python:3\.12-slim/],
  ];
  for (const [origin, files, interpreter, text] of pythons) {
    it(`has the Python of ${origin}, and says where it comes from`, async () => {
      const [proposal] = await proposeSpecs(temporaryFolder(files), undefined, undefined, interpreter);
      assert.match(proposal?.text ?? "", text);
    });
  }

  it("does not fail on a project's file that is broken", async () => {
    assert.match(
      (await proposeSpecs(temporaryFolder({ "pyproject.toml": "[project\n" })))[0]?.text ?? "",
      /base: python:3\.12-slim/,
    );
  });
});

describe("a Dockerfile that is made of an image", () => {
  after(removeTemporaryFolders);
  const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });

  it("has the image's text without its own name, and takes files from the folder", async () => {
    const root = temporaryFolder({ "a.txt": "", "proj/b": "" });
    const { text, ignoreLines } = await dockerfileOf(
      start.withEnvVars({ A: "b c" }).withSourceFile("a.txt").withSourceFolder("proj"),
      { root },
    );
    assert.equal(text, 'FROM busybox:1.35\n\nENV A="b c"\n\nCOPY a.txt ./\n\nCOPY proj ./proj\n');
    assert.equal(ignoreLines, undefined);
  });

  it("of a bundle copies the folder, with an ignore file of its own", async () => {
    const root = temporaryFolder({ "main.py": "", ".dockerignore": "*.csv\n" });
    const { text, ignoreLines } = await dockerfileOf(start.withWorkdir("/app").withCodeBundle({ copyStyle: "all" }), {
      root,
    });
    assert.equal(text, "FROM busybox:1.35\n\nWORKDIR /app\n\nCOPY . .\n");
    assert.match(ignoreLines ?? "", /^# Caches.*\n\*\*\/__pycache__\n[^]*\n\.git\n[^]*\n\*\.whl\n\n\*\.csv\n$/);
  });

  it("takes the ignore file that the image names along", async () => {
    const root = temporaryFolder({ "proj/b": "", "other.ignore": "secret\n", "sub/x.ignore": "" });
    assert.equal(
      (await dockerfileOf(start.withDockerignore("other.ignore").withSourceFolder("proj"), { root })).ignoreLines,
      "secret\n",
    );
    await assert.rejects(
      dockerfileOf(start.withDockerignore("sub/x.ignore").withSourceFolder("proj"), { root }),
      /belongs to another folder/,
    );
  });

  it("is refused where the folder alone cannot bring what it takes, by name", async () => {
    const root = temporaryFolder({
      "we ird.txt": "",
      "req/a.txt": "-r b.txt",
      "req/b.txt": "",
      "dist/x": "",
      "main.py": "",
    });
    const outside = temporaryFolder({ "out.txt": "" });
    const cases: readonly (readonly [image: Image, message: RegExp])[] = [
      [start.withSourceFile("we ird.txt"), /"we ird\.txt" isn't in the spec's folder/],
      [start.withSourceFile(join(outside, "out.txt")), /out\.txt" isn't in the spec's folder/],
      [start.withRequirements("req/a.txt"), /"a\.txt", "b\.txt" isn't/],
      [start.withEnvVars({ A: "a\nb" }), /line break/],
      [
        start.withSourceFolder("dist").withCodeBundle({ copyStyle: "all" }),
        /"dist" has a name that code bundles exclude/,
      ],
      [Image.fromDockerfile("Dockerfile", { registry: "ghcr.io/x", name: "app" }), /already uses a Dockerfile/],
    ];
    for (const [image, message] of cases)
      await assert.rejects(
        dockerfileOf(image, { root }),
        (error: Error) => message.test(error.message) && "code" in error && error.code === "imageInvalid",
      );
  });
});

describe("a spec that is made of a Dockerfile", () => {
  after(removeTemporaryFolders);

  const of = (text: string) => {
    const folder = temporaryFolder({ "app/a.txt": "", "app/src/b": "", "app/Dockerfile": text });
    return specOf({
      dockerfile: join(folder, "app/Dockerfile"),
      text,
      registry: "ghcr.io/team",
      platform: "linux/amd64",
    });
  };

  it("has its layers where each instruction is exactly one", () => {
    const text =
      'FROM python:3.12-slim\n# say\nENV A=1 B="c d"\nWORKDIR /app\nRUN echo one && \\\n    echo two\n' +
      "COPY a.txt /app/\nCOPY src /src\nCOPY . .\n";
    const spec = of(text);
    assert.deepEqual(spec, {
      from: { base: "python:3.12-slim" },
      clone: { name: "app", platform: "linux/amd64" },
      layers: [
        { envVars: { A: "1", B: "c d" } },
        { workdir: "/app" },
        { commands: ["echo one &&     echo two"] },
        { sourceFile: { src: ["a.txt"], dst: "/app/" } },
        { sourceFolder: { src: "src", dst: "/src", copyContentsOnly: true } },
        { sourceFolder: { src: ".", dst: ".", copyContentsOnly: true } },
      ],
    });
    assert.deepEqual(readImageSpec(writeImageSpec(spec, "app.image.yaml"), "app.image.yaml").problems, []);
  });

  it("names the Dockerfile where that has an ignore file of its own, which no spec takes for its layers", () => {
    const folder = temporaryFolder({ "app/a.txt": "", "app/Dockerfile.dockerignore": "secret\n" });
    const {
      from: { dockerfile },
    } = specOf({
      dockerfile: join(folder, "app/Dockerfile"),
      text: "FROM python:3.12\nCOPY a.txt /x/\n",
      registry: "ghcr.io/team",
      platform: "linux/amd64",
    });
    assert.equal(dockerfile?.file, "Dockerfile");
  });

  const names: readonly (readonly [dockerfile: string, name: string])[] = [
    ["Dockerfile", "my-app"],
    ["dockerfile", "my-app"],
    ["Dockerfile.dev", "my-app-dev"],
    ["Containerfile-ci", "my-app-ci"],
    ["Web API.Dockerfile", "web-api"],
    ["base.containerfile", "base"],
  ];
  for (const [dockerfile, name] of names) {
    it(`is called "${name}" for "${dockerfile}" in "My App"`, () =>
      assert.equal(specNameOf(join("/My App", dockerfile)), name));
  }

  const asItIs: readonly string[] = [
    "FROM python:3.12-slim\nCMD python\n",
    "FROM python:3.12-slim AS base\nFROM base\n",
    "FROM --platform=linux/arm64 python:3.12\n",
    "ARG V=1\nFROM python:$V\n",
    "FROM scratch\nCOPY a.txt /\n",
    "FROM team/app:1\nRUN id\n",
    "FROM python:3.12\nUSER nobody\nRUN id\n",
    "FROM python:3.12\nRUN --mount=type=cache,target=/x id\n",
    'FROM python:3.12\nRUN ["id"]\n',
    "FROM python:3.12\nRUN <<E\nid\nE\n",
    "FROM python:3.12\nRUN one && \\\n  # say\n  two\n",
    "FROM python:3.12\nENV A=$HOME\n",
    "FROM python:3.12\nENV A b c\n",
    "FROM python:3.12\nENV A=b\\ c\n",
    "FROM python:3.12\nENV A=1 A=2\n",
    "FROM python:3.12\nWORKDIR relative\n",
    "FROM python:3.12\nCOPY a.txt /b.txt\n",
    "FROM python:3.12\nCOPY *.txt /x/\n",
    "FROM python:3.12\nCOPY --chown=1 a.txt /x/\n",
    "FROM python:3.12\nCOPY gone.txt /x/\n",
    "FROM python:3.12\nCOPY ../a.txt /x/\n",
    "# syntax=docker/dockerfile:1\nFROM python:3.12\n",
    "",
  ];
  for (const text of asItIs) {
    it(`names the Dockerfile for ${JSON.stringify(text)}`, () => {
      assert.deepEqual(of(text), {
        from: { dockerfile: { file: "Dockerfile", registry: "ghcr.io/team", name: "app", platform: "linux/amd64" } },
      });
    });
  }
});
