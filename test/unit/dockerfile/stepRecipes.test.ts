import assert from "node:assert/strict";
import { unknownPart } from "../../../src/core/dockerfile/expandWord";
import { mostRecipes, readRecipes } from "../../../src/core/dockerfile/stepRecipes";
import type { StageOptions } from "../../../src/core/dockerfile/stages";

function recipes(lines: readonly string[], options: StageOptions = {}) {
  const reader = readRecipes(`${lines.join("\n")}\n`, options);
  const found = (stepName: string) => reader.recipes.steps[reader.indexOf(stepName) ?? -1];
  return { ...reader, found };
}

const base = [
  "ARG TAG=1",
  "ARG IMAGE=busybox:$TAG",
  "FROM $IMAGE AS base",
  "ARG VERSION=1",
  "ARG EMPTY",
  "ENV HOME=/home/$VERSION",
  "COPY --exclude=*.md app/$VERSION.txt lib /x/",
  "ADD <<END /note",
  "$VERSION",
  "END",
  "RUN make",
  "FROM base",
  "RUN test",
];

describe("the recipes of a Dockerfile's steps", () => {
  it("have the stages as BuildKit names them, with those on which they are based", () => {
    assert.deepEqual(recipes(base).recipes.stages, [{ name: "base" }, { name: "stage-1", parent: 0 }]);
  });

  it("have the values that a FROM, ARG, or ENV depends on, and tell unset arguments from empty ones", () => {
    const values = (options: StageOptions) =>
      recipes(base, options)
        .recipes.steps.filter(({ keyword }) => ["FROM", "ARG", "ENV"].includes(keyword))
        .slice(0, 4)
        .map((step) => [step.meaning, Object.fromEntries(step.values)]);
    const meaning = (words: readonly string[]) => JSON.stringify([words, [], []]);
    assert.deepEqual(values({ buildArgs: { VERSION: "7", EMPTY: "" } }), [
      [JSON.stringify(["busybox:1", ""]), { IMAGE: "busybox:1" }],
      [meaning(["VERSION=1"]), { VERSION: "7" }],
      [meaning(["EMPTY"]), { EMPTY: "" }],
      [meaning(["HOME=/home/7"]), { HOME: "/home/7" }],
    ]);
    assert.deepEqual(values({})[2], [meaning(["EMPTY"]), { EMPTY: undefined }]);
  });

  it("have what a step copies, with variables replaced, also in here-documents", () => {
    const { found } = recipes(base, { buildArgs: { VERSION: "7" } });
    const copy = found("[base 2/4] COPY --exclude=*.md app/$VERSION.txt lib /x/") ?? assert.fail();
    assert.deepEqual(
      [copy.taken, copy.excludes, Object.fromEntries(copy.values)],
      [
        [
          { path: "app/7.txt", isWildcard: false },
          { path: "lib", isWildcard: false },
        ],
        ["*.md"],
        { VERSION: "7" },
      ],
    );
    const add = found("[base 3/4] ADD <<END /note") ?? assert.fail();
    assert.deepEqual([add.taken, Object.fromEntries(add.values)], [[], { VERSION: "7" }]);
    assert.match(add.meaning, /7\\n/);
    assert.match(add.text, /\$VERSION/);
  });

  it("find the instructions of steps, also of a FROM, and none of the builder's own steps", () => {
    const { found, indexOf } = recipes(base);
    assert.deepEqual(
      ["[base 1/4] FROM docker.io/library/busybox:1", "[base 4/4] RUN make", "[stage-1 1/1] RUN test"].map(
        (name) => found(name)?.line,
      ),
      [3, 11, 13],
    );
    assert.equal(indexOf("[internal] load build context"), undefined);
  });

  it("leave open what only the builder knows", () => {
    const { found, recipes: all } = recipes(["FROM busybox", "COPY $PATH/x /x"]);
    const copy = found("[2/2] COPY $PATH/x /x") ?? assert.fail();
    assert.deepEqual([copy.taken[0]?.path, copy.values.get("PATH")], [undefined, unknownPart]);
    assert.equal(all.isIncomplete, false);
  });

  it("are incomplete for too many instructions, and where another program reads the file", () => {
    const long = recipes(["FROM busybox", ...Array.from({ length: mostRecipes }, () => "RUN true")]);
    assert.deepEqual([long.recipes.isIncomplete, long.recipes.steps.length], [true, mostRecipes]);
    assert.equal(recipes(["# syntax=example.com/other", "FROM busybox"]).recipes.isIncomplete, true);
  });
});
