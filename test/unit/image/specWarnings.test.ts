import assert from "node:assert/strict";
import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import type { SpecProblem } from "../../../src/core/image/spec/specProblem";
import { head } from "./specCases";

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

  const pinned = `python:3.12-slim@sha256:${"a".repeat(64)}`;
  const installs = "layers: [{pipPackages: x}]\n";
  for (const [text, fixed] of [
    [`from: {base: ${pinned}}\nclone: {name: a, pythonVersion: 3.11}\n${installs}`, /pythonVersion: "3\.12"\}/],
    [
      `{"from": {"debianBase": {"installFlyte": false, "pythonVersion": [3, 13]}}, ` +
        `"clone": {"baseImage": "${pinned}"}, "layers": [{"pipPackages": "x"}]}`,
      /"pythonVersion": "3\.12"\}/,
    ],
  ] as const)
    it(`is warned of and built: Python beside a base with another, ${text.slice(0, 12)}`, () => {
      const { problems, image } = readImageSpec(text, text.startsWith("{") ? "app.image.json" : "app.image.yaml");
      assert.ok(image);
      const [problem, ...more] = problems;
      assert.deepEqual([problem?.code, problem?.severity, more], ["python-mismatch", "warning", []]);
      const mended = applyEdits(text, problem?.fixes[0]?.edits ?? []);
      assert.match(mended, fixed);
      assert.deepEqual(readImageSpec(mended, "app.image.yaml").problems, []);
    });
  for (const text of [
    `from: {base: ${pinned}}\nclone: {name: a, pythonVersion: 3.12}\n${installs}`,
    `from: {base: ${pinned}}\nclone: {name: a, pythonVersion: 3.11}\nlayers: [{workdir: /a}]\n`,
    `from: {base: "team/python:3.12"}\nclone: {name: a, pythonVersion: 3.11}\n${installs}`,
    `from: {debianBase: {installFlyte: false, pythonVersion: 3.11}}\n${installs}`,
  ])
    it(`is not warned of: ${text.slice(0, 60)}`, () =>
      assert.deepEqual(readImageSpec(text, "a.image.yaml").problems, []));

  for (const text of [
    "envVars: {PATH: '/x:$PATH', A: 'costs $5', B: {literal: $HOME}, C: {expand: $HOME}}",
    "envVars: {URL: 'https://host/x@1', DB: 'postgres://me@db'}",
    "commands: ['curl https://$TOKEN@host']",
    "aptPackages: [./x.deb, /tmp/y_1.0_amd64.deb, standard^, git]",
  ])
    it(`is not warned of: ${text}`, () =>
      assert.deepEqual(readImageSpec(`${head}- ${text}\n`, "a.image.yaml").problems, []));
});
