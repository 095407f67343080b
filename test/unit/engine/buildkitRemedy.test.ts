import assert from "node:assert/strict";
import { parseDockerfile } from "../../../src/core/dockerfile/parseDockerfile";
import { buildkitRemedy } from "../../../src/core/engine/buildkitRemedy";

/** The remedy for a failure of the last instruction of a Dockerfile. */
function remedyOf(last: string, words: string): string {
  const text = `FROM a AS build\nFROM b\n${last}\n`;
  const instruction = parseDockerfile(text)?.instructions.at(-1);
  const dockerfile = { file: "/x/Dockerfile", name: "Dockerfile", bytes: Buffer.from(text), text };
  return buildkitRemedy({ words, stepName: `[stage-1 2/2] ${last}`, instruction, dockerfile, options: {} }) ?? "";
}

describe("what to do about a failure of BuildKit's", () => {
  const missing = 'failed to calculate checksum of ref x::y: "/two": not found';
  const cases: readonly (readonly [last: string, words: string, remedy: RegExp])[] = [
    ["COPY --from=build /two /", missing, /^Check that the stage "build" contains that file\.$/],
    ["COPY --chown=1 --from=nginx:1 /two /", missing, /^Check that the image "nginx:1" contains that file\.$/],
    [
      "RUN --mount=type=bind,from=build,source=/two,target=/t true",
      missing,
      /^Check that the stage "build" contains that file\.$/,
    ],
    ["COPY two /", missing, /is in the build context and that the ignore file doesn't exclude it\.$/],
    ["COPY from=/two /", missing, /is in the build context and that the ignore file doesn't exclude it\.$/],
    ["RUN --mount=type=secret,id=tok,required=true true", "secret tok: not found", /^Set a source for the secret/],
    [
      "RUN --mount=type=SECRET,id=tok,required true",
      "failed to solve: secret tok: not found",
      /^Set a source for the secret/,
    ],
  ];
  for (const [last, words, remedy] of cases) {
    it(`tells where to look where "${last}" fails with "${words}"`, () => {
      assert.match(remedyOf(last, words), remedy);
    });
  }
});
