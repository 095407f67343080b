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

const cases: readonly (readonly [
  what: string,
  step: string | undefined,
  words: string,
  line: number | undefined,
  endLine?: number,
])[] = [
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
  [
    "an absent file, classic",
    undefined,
    "COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist",
    8,
  ],
  ["a base image that cannot be had", "[internal] load metadata for ghcr.io/team/base:2", "failed to do request", 9],
  ["nothing known", undefined, "something else", undefined],
];

/** What Docker 20.10 says without a place, and where it is. */
const refused: readonly (readonly [dockerfile: string, words: string, lines: readonly number[]])[] = [
  [
    'FROM a\nCOPY a /\nCOPY "b /\n',
    'failed to process "\\"b": unexpected end of statement while looking for matching double-quote',
    [3],
  ],
  [
    'FROM a\nCOPY "b /\nCOPY b /\nADD "b /\n',
    'failed to process "\\"b": unexpected end of statement while looking for matching double-quote',
    [2, 4],
  ],
  ['FROM a\nWORKDIR "b\n', "unexpected end of statement while looking for matching double-quote", [2]],
  ["FROM a\nUSER 'b\n", "unexpected end of statement while looking for matching double-quote", []],
  ["FROM a\nUSER 'b\n", "unexpected end of statement while looking for matching single-quote", [2]],
  ["FROM a\nENV A=b \\\n  B='c\n", "unexpected end of statement while looking for matching single-quote", [2]],
  ["FROM a\nRUN echo 'b\n", "unexpected end of statement while looking for matching single-quote", []],
  ["FROM a\nWORKDIR ${a:-'b\n", "syntax error: missing '}'", [2]],
  ["FROM a\nWORKDIR ${\n", "syntax error: missing '}'", [2]],
  ["FROM a\nWORKDIR ${}\n", "syntax error: bad substitution", [2]],
  ["FROM a\nWORKDIR ${a:=b}\n", "unsupported modifier (:=) in substitution", [2]],
  ['FROM a\nWORKDIR é\u0001"\n', 'failed to process "é\\x01\\"": unexpected end of statement', [2]],
  ["# x\nARG A\nRUN x\nFROM a\n", "no build stage in current context", [3]],
  ["FROM a\nENV A=b\nENV A\nENV B\n", "ENV must have two arguments", [3]],
  ["ARG E\nFROM a\nFROM $E\n", "base name ($E) should not be blank", [3]],
  ["FROM a\nFROM --platform=no/such b\n", 'failed to parse platform no/such: "no/such": invalid argument', [2]],
  ["FROM a\nFROM B:C:1\n", 'failed to parse stage name "B:C:1": invalid reference format', [2]],
  ["FROM a\nEXPOSE 80\nEXPOSE 81 abc/tcp\n", "Invalid containerPort: abc", [3]],
  ["FROM a\nSTOPSIGNAL SIGNOPE\n", "Invalid signal: SIGNOPE", [2]],
  ["FROM a\nSTOPSIGNAL $X\n", "Invalid signal: SIGNOPE", []],
];

describe("locateFailure", () => {
  for (const [what, stepName, words, line, endLine = line] of cases) {
    it(`finds the line of ${what}`, () => {
      assert.deepEqual(locateFailure(dockerfile, { stepName, words }), line === undefined ? [] : [{ line, endLine }]);
    });
  }

  for (const [text, words, lines] of refused) {
    it(`finds the line by what is wrong with it: ${JSON.stringify(text)}, ${words}`, () => {
      assert.deepEqual(
        locateFailure(text, { words: `failed to solve with frontend dockerfile.v0: ${words}` }).map(({ line }) => line),
        lines,
      );
    });
  }

  it("takes an empty Dockerfile", () => {
    assert.deepEqual(locateFailure("", { stepName: "[1/1] RUN x", words: "x" }), []);
  });

  const linesOf = (
    text: string,
    stepName: string,
    { words = "exit code: 1", stepNumber }: { words?: string; stepNumber?: number } = {},
  ) => locateFailure(text, { stepName, stepNumber, words }).map(({ line }) => line);

  it("counts no FROM of a stage or of nothing, as BuildKit does", () => {
    assert.deepEqual(
      linesOf("FROM busybox AS base\nFROM base AS test\nRUN echo ok\nRUN false\n", "[test 2/2] RUN false"),
      [4],
    );
    assert.deepEqual(linesOf("FROM scratch\nCOPY one /\nCOPY two /\n", "[2/2] COPY two /"), [3]);
    assert.deepEqual(linesOf("from busybox as base\nfrom base\nrun true\nrun false\n", "[stage-1 2/2] RUN false"), [4]);
  });

  it("counts nothing where the number of steps is not BuildKit's", () => {
    assert.deepEqual(linesOf("FROM a\nRUN x\nRUN y\n", "[2/9] RUN y"), [3]);
  });

  const twice = "FROM a\nRUN make\nCOPY x /\nRUN make\n";

  it("names all places of a text that is there twice where nothing tells them apart", () => {
    assert.deepEqual(linesOf(twice, "RUN make"), [2, 4]);
  });

  it("takes the number of a classic step, if its text is the same", () => {
    assert.deepEqual(linesOf(twice, "RUN make", { stepNumber: 4 }), [4]);
    assert.deepEqual(linesOf(twice, "RUN make", { stepNumber: 3 }), [2, 4]);
  });

  it("finds images by a variable, of COPY and of mounts", () => {
    const text =
      "ARG V=2\nFROM ghcr.io/team/base:$V\nCOPY --from=ghcr.io/team/tools:1 /a /\n" +
      "RUN --mount=from=ghcr.io/team/cache:1,target=/c true\n";
    for (const [image, line] of [
      ["base:2", 2],
      ["tools:1", 3],
      ["cache:1", 4],
    ] as const)
      assert.deepEqual(linesOf(text, `[internal] load metadata for ghcr.io/team/${image}`), [line]);
  });
});
