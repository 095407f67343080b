import assert from "node:assert/strict";
import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { type Case, head, yaml, layer, markedIn } from "./specCases";

describe("a spec file that its place does not bear out", () => {
  let root: string;
  before(() => {
    root = temporaryFolder({
      "requirements.txt": "-r gone.txt\n",
      "app.py": "",
      "src/a.py": "",
      "bad/pyproject.toml": "[project\n",
      "local.txt": "-e .\n",
      "far/pyproject.toml":
        '[project]\nname = "far"\nversion = "1"\nrequires-python = ">=3.12"\n' +
        'dependencies = ["x"]\n[tool.uv.sources]\nx = { path = "../x" }\n',
      "new/pyproject.toml": '[project]\nname = "new"\nversion = "1"\nrequires-python = ">=3.13"\n',
    });
  });
  after(removeTemporaryFolders);

  const places: readonly Case[] = [
    layer(
      "requirements: «requirement.txt»",
      "file-missing",
      /the file ".*requirement\.txt" doesn't exist/i,
      "requirements: requirements.txt",
    ),
    layer("requirements: «requirements.txt»", "file-missing", /the file ".*gone\.txt" doesn't exist/i),
    layer("sourceFolder: «app.py»", "file-missing", /is not a folder/),
    layer(
      "sourceFolder: {src: «'scr'», dst: /app}",
      "file-missing",
      /the folder ".*" doesn't exist/i,
      "sourceFolder: {src: 'src', dst: /app}",
    ),
    layer("sourceFile: [app.py, «src»]", "file-missing", /is not a file/),
    layer("dockerignore: «.dockerignore»", "file-missing", /the file ".*" doesn't exist/i),
    layer("uvProject: «bad/pyproject.toml»", "file-missing", /is not valid TOML/),
    layer(
      "poetryProject: {pyprojectFile: bad/pyproject.toml, poetryLock: «bad/poetry.lock»}",
      "file-missing",
      /the file ".*" doesn't exist/i,
    ),
    layer("localV2: «{}»", "file-missing", /the folder ".*dist" doesn't exist/i),
    layer("uvProject: «far/pyproject.toml»", "file-missing", /^The project in ".*far" depends on "\.\.\/x"/),
    layer("requirements: «local.txt»", "file-missing", /^Line 1 of ".*local\.txt" is "-e \."/),
    layer(
      "pipPackages: «[a, b @ git+https://github.com/a/b]»",
      "argument-invalid",
      /is fetched by git, .* Add "git" with aptPackages/,
      "aptPackages: git\n  - pipPackages: [a, b @ git+https://github.com/a/b]",
    ),
    yaml(
      'from: {base: busybox}\nclone: {name: app}\nlayers: [{workdir: /a}, {pipPackages: «"git+https://a/b"»}]',
      "argument-invalid",
      /is fetched by git/,
      "from: {base: busybox}\nclone: {name: app}\nlayers: [{workdir: /a}, " +
        '{ "aptPackages": "git" }, {pipPackages: "git+https://a/b"}]',
    ),
    layer(
      "pipPackages: «{packages: a, extraArgs: -c limits.txt}»",
      "argument-invalid",
      /^"limits\.txt" is a path on this machine/,
    ),
    yaml(
      "from: {base: busybox}\nclone: {name: app, pythonVersion: 3.12}\nlayers:\n" +
        "  - uvProject: «new/pyproject.toml»",
      "argument-invalid",
      /^The project requires Python >=3\.13, but the image has 3\.12/,
    ),
    yaml(
      "from: {base: busybox}\nclone: {name: app, registry: r.example, registrySecret: «LOGIN»}",
      "secret-unknown",
      /^The secret "LOGIN" is not stored/,
    ),
    layer(
      "commands: {commands: a, secretMounts: [KNOWN, «OTHER»]}",
      "secret-unknown",
      /^The secret "OTHER" is not stored/,
    ),
    layer("commands: {commands: a, secretMounts: «{key: x, group: g}»}", "secret-unknown", /^The secret "g_x"/),
    yaml(
      "from: {dockerfile: {file: «Dockerfile», registry: r.io, name: a}}",
      "file-missing",
      /the file ".*" doesn't exist/i,
    ),
    yaml("from: {uvScript: {script: «app.py», name: a}}", "file-missing", /has no uv metadata block/),
    yaml(
      "from: {refName: «mian»}",
      "ref-name-unknown",
      /^No image named "mian" is configured in Settings\. Did you mean "main"/,
      "from: {refName: main}",
    ),
  ];
  for (const { marked, code, message, fixed } of places) {
    it(`${code}: ${marked.replace(head, "").replaceAll("\n", "⏎").slice(0, 90)}`, () => {
      const text = marked.replace(/[«»]/g, "");
      const [problem, ...others] = placeProblems(readImageSpec(text, "app.image.yaml"), {
        root,
        imageRefs: { main: "busybox" },
        environment: { KNOWN: "x" },
      });
      assert.ok(problem, "nothing is told");
      assert.deepEqual(others, []);
      assert.equal(problem.code, code);
      assert.match(problem.message, message);
      assert.equal(markedIn(text, problem), marked);
      const [fix] = problem.fixes;
      assert.equal(fix && applyEdits(text, fix.edits), fixed);
    });
  }

  it("names folders that the ignore file keeps out, and bundles without a file to begin with", () => {
    const place = temporaryFolder({ ".dockerignore": "data\n", "data/x": "", "src/app/__init__.py": "" });
    const problemsOf = (text: string) =>
      placeProblems(readImageSpec(`${head}${text}`, "app.image.yaml"), { root: place }).map(({ message }) => message);
    assert.match(problemsOf("- sourceFolder: data").join(), /^The folder ".*data" is excluded by the ignore file/);
    assert.match(problemsOf("- codeBundle:").join(), /^There is no Python file in ".*" to follow imports from/);
    assert.deepEqual(problemsOf("- codeBundle: {copyStyle: all}\n- sourceFolder: src"), []);
  });

  it("is looked at though its keys are wrong", () => {
    for (const text of [
      `${head}- constructor: x`,
      `${head}- workdir: {}`,
      "from: {toString: x}",
      "from: {refName: [x]}",
      "- a",
    ])
      placeProblems(readImageSpec(text, "app.image.yaml"), { root, imageRefs: {} });
  });

  it("has no mistake where everything is there", () => {
    const text =
      `${head}- sourceFolder: src\n- sourceFile: [app.py]\n- codeBundle:\n` +
      "- commands: {commands: a, secretMounts: KNOWN}";
    assert.deepEqual(placeProblems(readImageSpec(text, "app.image.yaml"), { root, environment: { KNOWN: "x" } }), []);
  });
});
