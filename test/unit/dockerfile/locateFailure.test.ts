import assert from "node:assert/strict";
import { locateFailure } from "../../../src/core/dockerfile/locateFailure";

const dockerfile = `# syntax=docker/dockerfile:1
ARG BASE=busybox:1.35
FROM \${BASE} AS build
WORKDIR /app
ENV X=1
RUN make \\
    all
COPY nope /x
FROM ghcr.io/team/base:2
COPY --from=build /app /app
RUN exit 3
`;

const cases: readonly (readonly [what: string, step: string | undefined, words: string, line: number | undefined, endLine?: number])[] = [
  ["a named stage's step", "[build 3/4] RUN make     all", "exit code: 2", 6, 7],
  ["a step with its platform", "[linux/arm64 build 3/4] RUN make     all", "exit code: 2", 6, 7],
  ["the last stage's step", "[stage-1 3/3] RUN exit 3", "exit code: 3", 11],
  ["a step whose name has variables replaced", "[build 4/4] COPY something-else /x", "x", 8],
  ["a classic step", "RUN exit 3", "returned a non-zero code: 3", 11],
  ["a classic step over two lines", "RUN make     all", "returned a non-zero code: 2", 6, 7],
  ["a parse error", undefined, "dockerfile parse error line 4: unknown instruction: WORKDRI", 4],
  ["a parse error of newer daemons", undefined, "dockerfile parse error on line 5: unknown instruction", 5],
  ["a parse error beyond the file", undefined, "dockerfile parse error line 99: x", undefined],
  ["an absent file", undefined, 'failed to compute cache key: "/nope" not found: not found', 8],
  ["an absent file, classic", undefined, "COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist", 8],
  ["a base image that cannot be had", "[internal] load metadata for ghcr.io/team/base:2", "failed to do request", 9],
  ["nothing known", undefined, "something else", undefined],
];

describe("locateFailure", () => {
  for (const [what, step, words, line, endLine = line] of cases) {
    it(`finds the line of ${what}`, () => {
      assert.deepEqual(locateFailure(dockerfile, step, words), line === undefined ? undefined : { line, endLine });
    });
  }

  it("takes an empty Dockerfile", () => {
    assert.equal(locateFailure("", "[1/1] RUN x", "x"), undefined);
  });
});
