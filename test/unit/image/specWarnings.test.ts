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

  for (const text of [
    "envVars: {PATH: '/x:$PATH', A: 'costs $5', B: {literal: $HOME}, C: {expand: $HOME}}",
    "envVars: {URL: 'https://host/x@1', DB: 'postgres://me@db'}",
    "commands: ['curl https://$TOKEN@host']",
    "aptPackages: [./x.deb, /tmp/y_1.0_amd64.deb, standard^, git]",
  ])
    it(`is not warned of: ${text}`, () =>
      assert.deepEqual(readImageSpec(`${head}- ${text}\n`, "a.image.yaml").problems, []));
});
