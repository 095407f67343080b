import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dockerfileGlobs, isDockerfileName } from "../../../src/core/dockerfile/dockerfileName";

const expressions = dockerfileGlobs
  .split(",")
  .map((glob) => new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));

describe("the globs of Dockerfiles", () => {
  for (const stem of ["Dockerfile", "dockerfile", "Containerfile", "containerfile"]) {
    for (const name of [stem, `${stem}.dev`, `${stem}-dev`, `app.${stem}`, `a.b.${stem}`]) {
      it(`match ${name}`, () => {
        assert.ok(isDockerfileName(name));
        assert.ok(expressions.some((expression) => expression.test(name)));
      });
    }
  }

  for (const file of ["context/view/shownDecorations", "context/model/findDockerfiles"]) {
    it(`are those of ${file}`, () => {
      assert.match(readFileSync(`src/vscode/${file}.ts`, "utf8"), /\$\{dockerfileGlobs\}/);
    });
  }
});
