import assert from "node:assert/strict";
import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { specHover } from "../../../src/core/image/spec/specHover";
import { specProposals } from "../../../src/core/image/spec/specProposals";
import type { SpecProblem } from "../../../src/core/image/spec/specProblem";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

interface Case {
  /** What is wrong is between « and », which the file does not hold. */
  readonly marked: string;
  readonly code: SpecProblem["code"];
  readonly message: RegExp;
  /** The file after its first fix. */
  readonly fixed?: string;
  readonly file?: string;
}

const head = "from: {base: busybox}\nclone: {name: app}\nlayers:\n";
const yaml = (marked: string, code: Case["code"], message: RegExp, fixed?: string): Case => ({
  marked,
  code,
  message,
  fixed,
});
const layer = (marked: string, code: Case["code"], message: RegExp, fixed?: string): Case =>
  yaml(
    `${head}  # kept\n  - ${marked} # kept`,
    code,
    message,
    fixed === undefined ? undefined : `${head}  # kept\n  - ${fixed} # kept`,
  );
const json = (marked: string, code: Case["code"], message: RegExp, fixed?: string): Case => ({
  marked,
  code,
  message,
  fixed,
  file: "app.image.json",
});

const cases: readonly Case[] = [
  yaml("«»", "key-missing", /^The file is empty\. Specify a base/, "from:\n  base: python:3.12-slim\n"),
  yaml("clone: «[»", "syntax", /^This is not valid YAML: \[ is not closed with \]\.$/),
  yaml("clone: {platform: «[»linux/amd64}\nlayers: []", "syntax", /: \[ is not closed with /),
  yaml('clone: {name: «"»a}\nlayers: []', "syntax", /" is not closed with "/),
  yaml("from: {base: «*gone»}", "syntax", /^There is no anchor "&gone" above/),
  yaml("from: &a {base: «*a»}", "alias-cycle", /refers to a value that contains it/),
  yaml("from: {base: a, «base»: b}", "duplicate-key", /^Duplicate key "base"; the first is in line 1/),
  yaml("from: {debianBase: {<<: «3»}}", "type-wrong", /^A merge key requires a map/),
  yaml(
    `${head}- commands: «echo a: b»\n`,
    "syntax",
    /^This is not valid YAML: ": " makes the text before it a key\. Put the whole text in quotes\.$/,
  ),
  yaml("from: {base: a}\n«---» \nfrom: {base: b}", "syntax", /^A spec file contains one image/),
  yaml("from: {base: «!odd» a}", "syntax", /Unresolved tag: !odd/),
  yaml("«clone: {name: a}»", "key-missing", /^"from" is missing\. Expected: keys with values\.$/),
  yaml("from: {base: a}\n«layer»: []", "key-unknown", /Did you mean "layers"/, "from: {base: a}\nlayers: []"),
  yaml("from: {«from_base»: a}", "key-unknown", /Did you mean "base"/, "from: {base: a}"),
  yaml("from: {«'base_'»: a}", "key-unknown", /Did you mean "base"/, "from: {'base': a}"),
  yaml("from: «{base: a, refName: b}»", "not-one-key", /^An image has exactly one base/),
  yaml("from: «busybox»", "type-wrong", /^"from" is "busybox"\. Expected: keys with values\.$/),
  yaml("from: {base: «[a]»}", "type-wrong", /^"base" is a list\. Expected: a string or keys with values/),
  yaml("from: {base: «A B»}", "argument-invalid", /is not a valid image name/),
  yaml(
    "from: {debianBase: {pythonVersion: «three»}}",
    "type-wrong",
    /^"pythonVersion" is "three": use the major and minor version/,
  ),
  yaml(
    "from: {debianBase: {pythonVersion: «1.1»}}",
    "argument-invalid",
    /^pythonVersion is \[1,1\]\. Use the major and minor version/,
  ),
  yaml(
    "from: {debianBase: {pythonVersion: «[3, 12, 1]»}}",
    "type-wrong",
    /^"pythonVersion" has 3 items\. Expected: 2\.$/,
  ),
  yaml("from: {debianBase: {pythonVersion: «[3]»}}", "type-wrong", /^"pythonVersion" has 1 item\. Expected: 2\.$/),
  yaml("from: {«__proto__»: a}", "key-unknown", /^There is no key "__proto__" here/),
  yaml("from: {base: !!binary «QUJD»}", "argument-invalid", /^The image "QUJD" is not a valid image name/),
  yaml(
    "from: {debianBase: {installFlyte: «no»}}",
    "type-wrong",
    /^"installFlyte" is "no"\. Expected: true or false/,
    "from: {debianBase: {installFlyte: false}}",
  ),
  yaml(
    "from: {debianBase: {platform: «x86_64»}}",
    "value-unknown",
    /^Invalid value: "x86_64"\. Did you mean "linux\/amd64"/,
    "from: {debianBase: {platform: linux/amd64}}",
  ),
  yaml(
    "from: {debianBase: {platform: [linux/arm64, «linux/amd46»]}}",
    "value-unknown",
    /Did you mean "linux\/amd64"/,
    "from: {debianBase: {platform: [linux/arm64, linux/amd64]}}",
  ),
  yaml(
    "from: {debianBase: {platform: «arm»}}",
    "value-unknown",
    /Did you mean "linux\/arm\/v7"/,
    "from: {debianBase: {platform: linux/arm/v7}}",
  ),
  yaml(
    "from: {debianBase: {platform: «linux/arm64/v8»}}",
    "value-unknown",
    /Did you mean "linux\/arm64"/,
    "from: {debianBase: {platform: linux/arm64}}",
  ),
  yaml("from: {debianBase: {platform: «windows»}}", "value-unknown", /Choose one of "linux\/amd64", /),
  yaml(
    "from: {debianBase: {flyteVersion: «2.5»}}",
    "type-wrong",
    /^"flyteVersion" is the number 2\.5\. Expected: a string/,
    'from: {debianBase: {flyteVersion: "2.5"}}',
  ),
  yaml("from: {«uvScript»: {script: a.py}}", "key-missing", /^"name" is missing\. Expected: a string/),
  yaml(
    "from: {base: a}\n«layers»:\n- workdir: /a",
    "key-missing",
    /^An image with layers needs a name/,
    "from: {base: a}\nclone:\n  name: app\nlayers:\n- workdir: /a",
  ),
  yaml(
    "from: {base: a}\nclone:\n  # kept\n  registry: r.io\n«layers»:\n- workdir: /a",
    "key-missing",
    /needs a name/,
    "from: {base: a}\nclone:\n  # kept\n  name: app\n  registry: r.io\nlayers:\n- workdir: /a",
  ),
  yaml(
    "from: {base: a}\nclone: {name: a, extendable: «false»}\nlayers: [workdir: /a]",
    "argument-invalid",
    /isn't extendable/,
    "from: {base: a}\nclone: {name: a, extendable: true}\nlayers: [workdir: /a]",
  ),
  yaml(
    "from: {dockerfile: {file: Dockerfile, registry: r.io, name: a}}\nlayers: «[workdir: /a]»",
    "argument-invalid",
    /^Layers can't be added to an image built from a Dockerfile/,
  ),
  yaml("from: {base: a}\nclone: {name: «A»}", "argument-invalid", /is not a valid image name/),
  yaml(
    "from: {base: a}\nclone: {registry: r.io, name: «a:1»}",
    "argument-invalid",
    /^Name "a:1" ends in "1"\. Remove that part/,
  ),
  yaml(
    "from: {base: a}\nclone: {registry: «https://r.io/x», name: a}",
    "argument-invalid",
    /^Registry "https:\/\/r\.io\/x" starts with a scheme\. Use "r\.io\/x"\.$/,
  ),
  layer("«pip_packages»: [a]", "key-unknown", /Did you mean "pipPackages"/, "pipPackages: [a]"),
  layer("«withWorkdir»: /app", "key-unknown", /Did you mean "workdir"/, "workdir: /app"),
  layer("«conda»: [a]", "key-unknown", /^There is no key "conda" here: valid keys are "aptPackages", /),
  layer(
    "pipPackages: {packages: [a], «index_url»: https://i}",
    "key-unknown",
    /Did you mean "indexUrl"/,
    "pipPackages: {packages: [a], indexUrl: https://i}",
  ),
  layer("«{workdir: /a, commands: b}»", "not-one-key", /^A layer has exactly one key/),
  layer("«codeBundle»", "type-wrong", /^"layers", item 1, is "codeBundle"\. Expected: keys with values/),
  layer("workdir: «5»", "type-wrong", /^"workdir" is the number 5\. Expected: a string/, 'workdir: "5"'),
  layer("workdir: «app»", "argument-invalid", /^"app" is not absolute\. Start it with "\/"/),
  layer("envVars: {«1A»: b}", "argument-invalid", /^"1A" is not a valid variable name/),
  layer("envVars: {A: «[b]»}", "type-wrong", /^"A" is a list\. Expected: a string or a number or true or false/),
  layer("commands: [a, «RUN b»]", "argument-invalid", /starts with RUN, which is added automatically/),
  layer("requirements: «pyproject.toml»", "argument-invalid", /for a pyproject\.toml, use uvProject or poetryProject/),
  layer(
    "pipPackages: [a, «numpy=1.2»]",
    "package-invalid",
    /is not a valid pip package/,
    "pipPackages: [a, numpy==1.2]",
  ),
  layer("pipPackages: «a b»", "package-invalid", /is not a valid pip package/),
  layer("pipPackages: [«-r x»]", "argument-invalid", /is an option, not a package/),
  layer(
    "pipPackages: {packages: a, pre: «'yes'»}",
    "type-wrong",
    /^"pre" is "yes"/,
    "pipPackages: {packages: a, pre: true}",
  ),
  layer("pipPackages: {packages: a, indexUrl: «https://u:p@i»}", "argument-invalid", /contains a password/),
  layer("aptPackages: [«-y»]", "argument-invalid", /is an option, not a package\. Remove it/),
  layer("localV2: {«a»: b}", "key-unknown", /^There is no key "a" here: no keys are allowed, so remove it\.$/),
  layer("aptPackages: [«Git»]", "package-invalid", /is not a valid Debian package/, "aptPackages: [git]"),
  layer(
    "aptPackages: [git, «git==1:2»]",
    "package-invalid",
    /is not a valid Debian package/,
    "aptPackages: [git, git=1:2]",
  ),
  layer(
    "aptPackages: {packages: a, secretMounts: {key: a, mount: «x»}}",
    "argument-invalid",
    /Use the absolute path of a file/,
  ),
  layer("aptPackages: {packages: a, secretMounts: [b, {key: a, asEnvVar: «a-b»}]}", "argument-invalid", /Set asEnvVar/),
  layer("sourceFile: «[a/x, b/x]»", "argument-invalid", /^Several files are named "x"/),
  layer("codeBundle: {copyStyle: «most»}", "value-unknown", /Choose one of "loaded_modules", "all"/),
  layer(
    "uvProject: {pyprojectFile: a, projectInstallMode: «install-project»}",
    "value-unknown",
    /Did you mean "install_project"/,
    "uvProject: {pyprojectFile: a, projectInstallMode: install_project}",
  ),
  layer("localV2Plugins: [flyteplugins-a, «ray»]", "argument-invalid", /must start with "flyteplugins-"/),
  json(
    '{"from": {"base": "a"«,»}}',
    "syntax",
    /^This is not valid JSON: trailing comma before "}"\. Remove the comma\.$/,
    '{"from": {"base": "a"}}',
  ),
  json("«#» a comment\n{}", "syntax", /^This is not valid JSON: expected a value/),
  json(`{"from": {"base": «'a'»}}`, "syntax", /not valid JSON/),
  json('{"from": {"base": "a"}«»', "syntax", /not valid JSON/),
  json('{"from": {«"bsae"»: "a"}}', "key-unknown", /Did you mean "base"/, '{"from": {"base": "a"}}'),
];

describe("a mistake in a spec file", () => {
  for (const { marked, code, message, fixed, file = "app.image.yaml" } of cases) {
    it(`${code}: ${marked.replace(head, "").replaceAll("\n", "⏎").slice(0, 90)}`, () => {
      const text = marked.replace(/[«»]/g, "");
      const { problems, image } = readImageSpec(text, file);
      const [problem] = problems.filter((each) => each.code === code);
      assert.ok(problem, JSON.stringify(problems, undefined, 1));
      assert.match(problem.message, message);
      assert.equal(image, undefined);
      assert.equal(markedIn(text, problem), marked);
      const [fix] = problem.fixes;
      assert.equal(fix && applyEdits(text, fix.edits), fixed);
    });
  }

  it("keeps aliases of aliases from standing for billions of values", () => {
    const lines = Array.from(
      { length: 12 },
      (_, i) => `x-${i + 1}: &a${i + 1} [${Array<string>(10).fill(`*a${i}`).join(", ")}]`,
    );
    const text = ["x-0: &a0 [a, b]", ...lines, head, "- commands: *a12\n"].join("\n");
    const { problems, root } = readImageSpec(text, "app.image.yaml");
    assert.match(
      problems[0]?.message ?? "",
      /^With "\*a\d", the aliases in this file expand to more than 10000 values\. Remove/,
    );
    assert.equal(specHover(root, 1, 100), undefined);
    assert.deepEqual(specProposals(`${text}- commands:\n  - `, "", { secrets: [], refNames: [] }), []);
  });

  it("is a layer or a base by pixi, which is no part of the API: the message lists what is [F43]", () => {
    for (const text of [`${head}- pixiProject: pixi.toml`, "from: {pixiScript: {script: a.py}}"]) {
      assert.match(
        readImageSpec(text, "app.image.yaml").problems[0]?.message ?? "",
        /^There is no key "pixi\w+" here: valid keys are .*"uv(Project|Script)"/,
      );
    }
  });

  it("is told beside all the others", () => {
    const { problems } = readImageSpec(
      `${head}- workdir: a\n- envVars: {1: a}\n- pipPackages: [-x, a=1]`,
      "app.image.yaml",
    );
    assert.deepEqual(
      problems.map(({ code, range }) => [code, range.line]),
      [
        ["argument-invalid", 4],
        ["argument-invalid", 5],
        ["argument-invalid", 6],
        ["package-invalid", 6],
      ],
    );
  });
});

describe("a spec file that may mean something else", () => {
  const warnings: readonly (readonly [text: string, code: SpecProblem["code"], fixed?: string])[] = [
    ["envVars: {A: $HOME/x}", "variable-literal", 'envVars: {A: { "expand": "$HOME/x" }}'],
    ["envVars: {A: 'a, ${B}'}", "variable-literal", 'envVars: {A: { "expand": "a, ${B}" }}'],
    ["envVars: {URL: 'postgres://me:hunter2@db/x'}", "credential-in-image"],
    ["envVars: {URL: {expand: 'https://me:hunter2@$HOST'}}", "credential-in-image"],
    ["commands: ['curl https://hunter2@host/x']", "credential-in-image"],
  ];
  for (const [text, code, fixed] of warnings) {
    it(`is warned of and built: ${text}`, () => {
      const { problems, image } = readImageSpec(`${head}- ${text}\n`, "app.image.yaml");
      assert.ok(image);
      assert.deepEqual(
        problems.map((each) => [each.code, each.severity]),
        [[code, "warning"]],
      );
      assert.doesNotMatch(problems[0]?.message ?? "", /hunter2/);
      const [fix] = problems[0]?.fixes ?? [];
      const mended = fix && applyEdits(`${head}- ${text}\n`, fix.edits);
      assert.equal(mended, fixed === undefined ? undefined : `${head}- ${fixed}\n`);
      if (mended !== undefined) assert.deepEqual(readImageSpec(mended, "app.image.yaml").problems, []);
    });
  }

  for (const text of [
    "envVars: {PATH: '/x:$PATH', A: 'costs $5', B: {literal: $HOME}, C: {expand: $HOME}}",
    "envVars: {URL: 'https://host/x@1', DB: 'postgres://me@db'}",
    "commands: ['curl https://$TOKEN@host']",
    "aptPackages: [./x.deb, /tmp/y_1.0_amd64.deb, standard^, git]",
  ])
    it(`is not warned of: ${text}`, () =>
      assert.deepEqual(readImageSpec(`${head}- ${text}\n`, "a.image.yaml").problems, []));
});

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
        '[project]\nname = "far"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["x"]\n[tool.uv.sources]\nx = { path = "../x" }\n',
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
    ),
    layer(
      "pipPackages: «{packages: a, extraArgs: -c limits.txt}»",
      "argument-invalid",
      /^"limits\.txt" is a path on this machine/,
    ),
    yaml(
      "from: {base: busybox}\nclone: {name: app, pythonVersion: 3.12}\nlayers:\n  - uvProject: «new/pyproject.toml»",
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
    const text = `${head}- sourceFolder: src\n- sourceFile: [app.py]\n- codeBundle:\n- commands: {commands: a, secretMounts: KNOWN}`;
    assert.deepEqual(placeProblems(readImageSpec(text, "app.image.yaml"), { root, environment: { KNOWN: "x" } }), []);
  });
});

/** The text with its problem's place marked. */
function markedIn(text: string, { range: { line, column, endLine, endColumn } }: SpecProblem): string {
  const at = (atLine: number, atColumn: number, newText: string) => ({
    range: { line: atLine, column: atColumn, endLine: atLine, endColumn: atColumn },
    newText,
  });
  const isEmpty = line === endLine && column === endColumn;
  return applyEdits(text, isEmpty ? [at(line, column, "«»")] : [at(line, column, "«"), at(endLine, endColumn, "»")]);
}
