import assert from "node:assert/strict";
import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { specHover } from "../../../src/core/image/spec/specHover";
import { specProposals } from "../../../src/core/image/spec/specProposals";
import { type Case, head, yaml, layer, markedIn } from "./specCases";

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
  layer("apkPackages: [«-U»]", "argument-invalid", /is an option, not a package\. Remove it/),
  layer("apkPackages: [git, «g it»]", "package-invalid", /is not a valid Alpine package/),
  layer("dnfPackages: {packages: [git-core-2.43*, «a;b»]}", "package-invalid", /is not a valid package for dnf/),
  layer("microdnfPackages: «'$(id)'»", "package-invalid", /is not a valid package for dnf/),
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
