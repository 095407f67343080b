import assert from "node:assert/strict";
import { mountsOf } from "../../../src/core/dockerfile/mounts";
import type { StageOptions } from "../../../src/core/dockerfile/stages";

const cases: readonly (readonly [truth: string, text: string, mounts: readonly string[], question?: StageOptions])[] = [
  ["a secret is optional by default", "FROM a\nRUN --mount=type=secret,id=npm cat", ["secret npm 2"]],
  [
    "a secret may be required",
    "FROM a\nRUN --mount=type=secret,id=npm,required cat\nRUN --mount=type=secret,id=x,required=true y",
    ["secret npm 2 required", "secret x 3 required"],
  ],
  [
    "a secret may be required in other words",
    "FROM a\nRUN --mount=type=secret,id=a,required=1 x\nRUN --mount=type=secret,id=b,required=FALSE x",
    ["secret a 2 required", "secret b 3"],
  ],
  [
    "a secret without an id has its target's name",
    "FROM a\nRUN --mount=type=secret,target=/root/.npmrc cat",
    ["secret .npmrc 2"],
  ],
  ["a secret may become a variable", "FROM a\nRUN --mount=type=secret,id=npm,env=NPM cat", ["secret npm 2"]],
  [
    "an SSH agent is called default",
    "FROM a\nRUN --mount=type=ssh git clone x\nRUN --mount=type=ssh,id=other,required=true x",
    ["ssh default 2", "ssh other 3 required"],
  ],
  [
    "other mounts are no one's business",
    "FROM a\nRUN --mount=type=cache,target=/x --mount=type=bind,id=q cat\nRUN echo --mount=type=secret,id=no",
    [],
  ],
  [
    "one RUN may ask for several",
    "FROM a\nRUN --mount=type=secret,id=a \\\n  --mount=type=secret,id=b cat",
    ["secret a 2", "secret b 3"],
  ],
  ["keys are not case sensitive", "FROM a\nRUN --mount=TYPE=secret,ID=A cat", ["secret A 2"]],
  ["a stage that is not reached asks for nothing", "FROM a AS one\nRUN --mount=type=secret,id=a x\nFROM b\nRUN x", []],
  [
    "a stage that is copied from is reached",
    "FROM a AS one\nRUN --mount=type=secret,id=a x\nFROM b\nCOPY --from=one /x /",
    ["secret a 2"],
  ],
  [
    "the target decides what is reached",
    "FROM a AS One\nRUN --mount=type=secret,id=a x\nFROM b\nRUN --mount=type=secret,id=b x",
    ["secret a 2"],
    { target: "one" },
  ],
  [
    "the target may be a number",
    "FROM a\nRUN --mount=type=secret,id=a x\nFROM b\nRUN --mount=type=secret,id=b x",
    ["secret a 2"],
    { target: "0" },
  ],
  ["a target that is not there asks for nothing", "FROM a\nRUN --mount=type=secret,id=a x", [], { target: "none" }],
  [
    "an id may hold an argument",
    "FROM a\nARG WHO=me\nRUN --mount=type=secret,id=key-$WHO x",
    ["secret key-you 3"],
    { buildArgs: { WHO: "you" } },
  ],
  [
    "a source is the id",
    "FROM a\nRUN --mount=type=secret,src=tok,target=/t,required=true x\nRUN --mount=type=secret,source=tok2,dst=/t x",
    ["secret tok 2 required", "secret tok2 3"],
  ],
  [
    "types and names may be in capitals",
    "FROM a\nRUN --mount=TYPE=SECRET,ID=a,REQUIRED x\nrun --mount=type=SSH,id=k x",
    ["secret a 2 required", "ssh k 3"],
  ],
  [
    "fields may be quoted",
    'FROM a\nRUN --mount=\'type=secret,"id=a,b"\' x\nRUN --mount=type=secret,"id=c" x',
    ["secret a,b 2", "secret c 3"],
  ],
  ["the target's last part counts", "FROM a\nRUN --mount=type=secret,target=/run/secrets/tok/ x", ["secret tok 2"]],
  ["a trigger asks in the stage on top", "FROM a AS b\nONBUILD RUN --mount=type=secret,id=t x\nFROM b", ["secret t 2"]],
  [
    "an unknown FROM may be any stage before it",
    "FROM a AS base-amd64\nRUN --mount=type=secret,id=t x\nFROM base-${TARGETARCH}",
    ["secret t 2"],
  ],
  [
    "the platform tells the stage",
    "FROM a AS base-amd64\nRUN --mount=type=secret,id=t x\nFROM a AS base-arm64\nFROM base-${TARGETARCH}",
    [],
    { platform: "linux/arm64" },
  ],
  [
    "each of several platforms counts",
    "FROM a AS p-amd64\nRUN --mount=type=secret,id=t x\nFROM a AS p-arm64\nRUN --mount=type=ssh x\n" +
      "FROM p-${TARGETARCH}",
    ["secret t 2", "ssh default 4"],
    { platform: "linux/amd64,linux/arm64" },
  ],
  [
    "a stage that a named context replaces asks for nothing",
    "FROM a AS one\nRUN --mount=type=secret,id=t x\nFROM b AS two\nRUN --mount=type=ssh x\nFROM one",
    [],
    { namedContexts: ["one"] },
  ],
  [
    "what a replaced stage takes files from is built all the same",
    "FROM a AS zero\nRUN --mount=type=ssh x\nFROM b AS one\nCOPY --from=zero /x /\nFROM one",
    ["ssh default 2"],
    { namedContexts: ["ONE"] },
  ],
  ["text of a here-document asks for nothing", "FROM a\nRUN <<EOF\nRUN --mount=type=secret,id=no x\nEOF", []],
  ["an id that nobody knows is left out", "FROM a\nRUN --mount=type=secret,id=$WHO x", []],
];

describe("the mounts of a Dockerfile", () => {
  for (const [truth, text, mounts, question] of cases) {
    it(truth, () => {
      assert.deepEqual(
        mountsOf(text, question).map(
          ({ type, id, line, required }) => `${type} ${id} ${line}${required ? " required" : ""}`,
        ),
        mounts,
      );
    });
  }
});
