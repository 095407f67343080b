import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { IgnoreList } from "../../../src/core/context/dockerignore/ignoreList";
import { parseIgnoreFile } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import { parseDockerfile } from "../../../src/core/dockerfile/parseDockerfile";
import { proposeDockerfiles } from "../../../src/core/image/propose/dockerfiles/proposeDockerfiles";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

type Files = Readonly<Record<string, string>>;

/** Folders, with the kind that is proposed first for each, and what its Dockerfile must contain. */
const projects: readonly (readonly [title: string, files: Files, kind: string, ...contains: readonly string[]])[] = [
  [
    "a project that uv locked",
    { "pyproject.toml": '[project]\nname = "a"\nrequires-python = "==3.11.*"\n', "uv.lock": "", "main.py": "" },
    "uv",
    "FROM python:3.11-slim-bookworm AS build",
    "uv sync --locked --no-dev",
    'CMD ["python", "main.py"]',
  ],
  [
    "a project that Poetry locked",
    { "pyproject.toml": '[tool.poetry]\nname = "a"\n', "poetry.lock": "" },
    "poetry",
    "poetry install --only main --no-root",
  ],
  ["a Poetry project without a lock file", { "pyproject.toml": '[tool.poetry]\nname = "a"\n' }, "poetry"],
  [
    "requirements",
    { "requirements.txt": "flask\n", "manage.py": "" },
    "pip",
    "pip install --requirement /tmp/requirements.txt",
    "EXPOSE 8000",
  ],
  ["a pyproject.toml alone", { "pyproject.toml": '[project]\nname = "a"\n' }, "pyproject", "pip install ."],
  [
    "a package.json with a lock file, a build, and a start",
    { "package.json": '{"scripts":{"build":"tsc","start":"node dist"}}', "package-lock.json": "{}" },
    "node",
    "npm ci",
    "RUN npm run build",
    'CMD ["npm", "start"]',
  ],
  ["a package.json that is no JSON", { "package.json": "{", "server.js": "" }, "node", 'CMD ["node", "server.js"]'],
  ["pnpm", { "package.json": "{}", "pnpm-lock.yaml": "" }, "node", "pnpm install --frozen-lockfile"],
  ["Yarn 1", { "package.json": "{}", "yarn.lock": "" }, "node", "yarn install --frozen-lockfile"],
  [
    "Yarn 4",
    { "package.json": '{"packageManager":"yarn@4.9.0"}', "yarn.lock": "" },
    "node",
    "corepack enable && YARN_NODE_LINKER=node-modules yarn install --immutable",
  ],
  [
    "a Go module with one command",
    { "go.mod": "module a\n\ngo 1.23.1\n", "go.sum": "", "cmd/tool/main.go": "package main\n" },
    "go",
    "FROM golang:1.23 AS build",
    "COPY go.mod go.sum ./",
    "-o /out/app ./cmd/tool",
  ],
  [
    "a Rust crate",
    { "Cargo.toml": '[package]\nname = "crab"\n', "Cargo.lock": "" },
    "rust",
    "cargo build --release --locked && cp target/release/crab /usr/local/bin/app",
  ],
  ["a Maven project", { "pom.xml": "<project/>" }, "maven", "mvn --batch-mode -DskipTests package"],
  ["a Gradle project", { "build.gradle.kts": "" }, "gradle", "gradle --no-daemon assemble"],
  [
    "an ASP.NET project",
    { "web app.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><TargetFramework>net8.0</TargetFramework></Project>' },
    "dotnet",
    "FROM mcr.microsoft.com/dotnet/aspnet:8.0",
    'ENTRYPOINT ["dotnet", "web app.dll"]',
  ],
  ["a page", { "index.html": "<p>" }, "staticSite", "COPY . /usr/share/nginx/html"],
  ["no project that is known", { "notes.txt": "" }, "any", "COPY . ."],
];

describe("proposing Dockerfiles", () => {
  after(removeTemporaryFolders);

  for (const [title, files, kind, ...contains] of projects)
    it(`${title}: ${kind}`, async () => {
      const [first] = await proposeDockerfiles(temporaryFolder(files));
      assert.ok(first);
      assert.equal(first.kind, kind);
      for (const part of contains) assert.ok(first.text.includes(part), `${part}\n${first.text}`);
      if (first.source !== undefined) assert.ok(first.source in files, first.source);
    });

  for (const [title, files] of projects)
    it(`${title}: pins its images, ends as another user than root, and copies what exists and is sent`, async () => {
      const root = temporaryFolder(files);
      for (const { kind, text, ignoreText = "" } of await proposeDockerfiles(root)) {
        const instructions = parseDockerfile(text)?.instructions ?? [];
        const of = (keyword: string) => instructions.filter((each) => each.keyword === keyword);
        const froms = of("FROM").map(({ content }) => content);
        for (const from of froms) assert.match(from, /^[\w./-]+:[\w.-]*\d[\w.-]*|:nonroot|:bookworm-slim/, from);
        assert.equal(froms.length, kind === "any" || kind === "staticSite" ? 1 : 2, kind);
        if (kind !== "staticSite") assert.match(of("USER").at(-1)?.content ?? "", /^(?!root|0)/, kind);
        if (!["any", "staticSite"].includes(kind)) assert.match(text, /--mount=type=cache,target=/, kind);
        const ignored = new IgnoreList(parseIgnoreFile(Buffer.from(ignoreText), "buildkit").patterns, "buildkit");
        for (const name of Object.keys(files)) {
          const isNamed = of("COPY").some(({ content }) => content.split(" ").includes(name));
          if (isNamed) assert.equal(ignored.decide(ignored.root, name, false).excluded, false, name);
        }
        for (const { content } of of("COPY").filter(({ flags }) => flags.length === 0))
          for (const source of content.split(" ").slice(0, -1)) assert.ok(source === "." || source in files, content);
      }
    });

  it("proposes each kind that a folder holds, and one for any folder last", async () => {
    const kinds = (await proposeDockerfiles(temporaryFolder({ "package.json": "{}", "go.mod": "" }))).map(
      ({ kind }) => kind,
    );
    assert.deepEqual(kinds, ["node", "go", "any"]);
  });

  it("excludes secrets and history, unless there is an ignore file already", async () => {
    const [bare] = await proposeDockerfiles(temporaryFolder({ "package.json": "{}" }));
    for (const line of ["**/.git", "**/.env", "**/*.pem", "**/node_modules"])
      assert.ok(bare?.ignoreText?.split("\n").includes(line), line);
    const [kept] = await proposeDockerfiles(temporaryFolder({ "package.json": "{}", ".dockerignore": "a\n" }));
    assert.equal(kept?.ignoreText, undefined);
  });

  it("puts nothing of a project's own words into a shell or a new line", async () => {
    const evil = 'x"; rm -rf / #\nRUN evil';
    const folders: readonly Files[] = [
      { "package.json": JSON.stringify({ main: evil }) },
      { "Cargo.toml": `[package]\nname = ${JSON.stringify(evil)}\n` },
      { "go.mod": `module a\ngo 1.2${"3".repeat(999)}\n`, "cmd/$(evil)/main.go": "" },
      { "$(evil) --from=x.csproj": "<TargetFramework>net9.0$(evil)</TargetFramework>" },
    ];
    for (const files of folders) {
      const [first] = await proposeDockerfiles(temporaryFolder(files));
      assert.doesNotMatch(first?.text ?? "", /^(?!CMD|ENTRYPOINT).*evil/m);
    }
  });

  it("reads nothing through a link that leads out of the folder, where that is not allowed", async () => {
    const outside = temporaryFolder({ "package.json": '{"main":"secret.js"}' });
    const root = temporaryFolder();
    symlinkSync(join(outside, "package.json"), join(root, "package.json"));
    assert.deepEqual(
      (await proposeDockerfiles(root, { folders: [root] })).map(({ kind }) => kind),
      ["any"],
    );
  });
});
