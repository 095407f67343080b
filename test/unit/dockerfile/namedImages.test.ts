import assert from "node:assert/strict";
import { namedImages } from "../../../src/core/dockerfile/namedImages";
import { syntaxOf } from "../../../src/core/dockerfile/syntax";
import { wantedIds } from "../../../src/core/dockerfile/wantedIds";

describe("the images that a Dockerfile names", () => {
  const cases: readonly (readonly [
    truth: string,
    text: string,
    images: readonly string[],
    buildArgs?: Record<string, string>,
  ])[] = [
    ["FROM", "FROM ghcr.io/team/app:1\n", ["ghcr.io/team/app:1"]],
    ["FROM of a platform, under a name", "FROM --platform=linux/arm64 a AS b\n", ["a"]],
    ["not scratch, nor a stage, whatever their case", "FROM scratch AS One\nFROM one\nCOPY --from=ONE /a /b\n", []],
    ["a stage's name before the stage", "FROM later\nFROM a AS later\n", ["later", "a"]],
    [
      "COPY --from, which is no stage",
      "FROM scratch\nCOPY --from=quay.io/x/y /a /b\nCOPY --from=0 /a /c\n",
      ["quay.io/x/y"],
    ],
    [
      "a mount of RUN",
      "FROM a\nRUN --mount=type=bind,from=quay.io/x/y,target=/m --mount=type=cache,target=/c,from=b true\n",
      ["a", "quay.io/x/y", "b"],
    ],
    [
      "a quoted option of a mount",
      'FROM a\nRUN --mount=type=bind,"from=quay.io/x/y",target=/m true\n',
      ["a", "quay.io/x/y"],
    ],
    ["a trigger", "FROM a\nONBUILD COPY --from=b /a /b\nONBUILD RUN --mount=from=c,target=/m true\n", ["a", "b", "c"]],
    ["stages that the build never gets to", "FROM a\nFROM b AS unused\nFROM c\n", ["a", "b", "c"]],
    ["a variable with a default", "ARG R=ghcr.io\nFROM $R/x\n", ["ghcr.io/x"]],
    ["a variable that is given", "ARG R=ghcr.io\nFROM ${R}/x\n", ["quay.io/x"], { R: "quay.io" }],
    ["a variable of others", "ARG H=ghcr.io\nARG R=$H/team\nFROM ${R}/x:${V:-2}\n", ["ghcr.io/team/x:2"]],
    ["a variable without a value", "ARG R\nFROM ${R:-docker.io}/x\n", ["docker.io/x"]],
    ["a variable that is cut", "ARG X=ghcr.io/a/b\nFROM ${X%b}c\n", ["ghcr.io/a/c"]],
    ["what depends on the platform", "FROM ghcr.io/x/base-${TARGETARCH}:1\n", ["ghcr.io/x/base-*:1"]],
    [
      "the platform where it is given",
      "FROM ghcr.io/x/base-${TARGETARCH}:1\n",
      ["ghcr.io/x/base-arm64:1"],
      { TARGETARCH: "arm64" },
    ],
    ["not what a comment says", "# FROM quay.io/x\nFROM a\n", ["a"]],
    ["an escaped line", "FROM \\\n  ghcr.io/x\n", ["ghcr.io/x"]],
    ["another escape character", "# escape=`\nFROM `\n  ghcr.io/x\n", ["ghcr.io/x"]],
  ];
  for (const [truth, text, images, buildArgs] of cases) {
    it(`are those of ${truth}`, () =>
      assert.deepEqual(namedImages(text, buildArgs), { images, syntax: undefined, mayBeMore: false }));
  }

  const unknown: readonly (readonly [what: string, text: string])[] = [
    ["the platform hides a whole name", "FROM ${TARGETARCH%4}\n"],
    ["a variable hides where files come from", "FROM a\nRUN --mount=from=$WHERE,target=/m true\n"],
    ["another frontend reads the file", "# syntax=ghcr.io/x/frontend\nFROM a\n"],
  ];
  for (const [what, text] of unknown)
    it(`may be more where ${what}`, () => assert.equal(namedImages(text).mayBeMore, true));
});

describe("the frontend that a Dockerfile wants", () => {
  const cases: readonly (readonly [text: string, syntax: string | undefined, buildArgs?: Record<string, string>])[] = [
    ["# syntax=docker/dockerfile:1\nFROM a\n", "docker/dockerfile:1"],
    ["\ufeff#SYNTAX = quay.io/x/y  more\r\nFROM a\n", "quay.io/x/y"],
    ["// syntax=quay.io/x/y\nFROM a\n", "quay.io/x/y"],
    ["#!/usr/bin/env run\n# escape=`\n# syntax=quay.io/x/y\nFROM a\n", "quay.io/x/y"],
    ['{"syntax": "quay.io/x/y"}', "quay.io/x/y"],
    ["FROM a\n# syntax=quay.io/x/y\n", undefined],
    ["# syntax=one\nFROM a\n", "two", { BUILDKIT_SYNTAX: "two three" }],
    ["", undefined],
  ];
  for (const [text, syntax, buildArgs] of cases)
    it(`is ${syntax} in ${JSON.stringify(text)}`, () => assert.equal(syntaxOf(text, buildArgs), syntax));

  it("is read in one go, however many comments come before", () => {
    const started = performance.now();
    assert.equal(syntaxOf("#\n".repeat(500_000)), undefined);
    assert.equal(syntaxOf(`#${" ".repeat(1_000_000)}x`), undefined);
    assert.ok(performance.now() - started < 2000);
  });
});

describe("the secrets and agents that a Dockerfile wants", () => {
  const cases: readonly (readonly [
    truth: string,
    text: string,
    secrets: readonly string[],
    ssh: readonly string[],
    buildArgs?: Record<string, string>,
  ])[] = [
    [
      "by id, by target, by variable",
      "FROM a\nRUN --mount=type=secret,id=one --mount=type=secret,target=/run/two --mount=type=secret,env=THREE true\n",
      ["one", "two", "THREE"],
      [],
    ],
    ["by a default", "FROM a\nRUN --mount=type=ssh --mount=type=ssh,id=key true\n", [], ["default", "key"]],
    [
      "of stages that the build never gets to",
      "FROM a AS b\nRUN --mount=type=secret,id=one true\nFROM c\n",
      ["one"],
      [],
    ],
    ["of triggers", "FROM a\nONBUILD RUN --mount=type=secret,id=one true\n", ["one"], []],
    ["by an argument", "FROM a\nARG ID=one\nRUN --mount=type=secret,id=$ID true\n", ["two", "$ID"], [], { ID: "two" }],
    [
      "by source, in quotes, in capitals",
      "FROM a\nRUN --mount=type=secret,src=one --mount='type=SECRET,\"id=two\"' true\n",
      ["one", "two"],
      [],
    ],
    [
      "as a builder that replaces nothing asks",
      "FROM a\nARG ID=two\nRUN --mount=type=secret,id=$ID true\n",
      ["two", "$ID"],
      [],
    ],
    [
      "to fetch from a repository",
      "FROM a\nADD https://github.com/x/y.git /y\n",
      ["GIT_AUTH_TOKEN", "GIT_AUTH_HEADER", "GIT_AUTH_TOKEN.github.com", "HTTP_AUTH_TOKEN_github.com"],
      ["default"],
    ],
  ];
  const all = [
    "one",
    "two",
    "$ID",
    "THREE",
    "default",
    "key",
    "GIT_AUTH_TOKEN",
    "GIT_AUTH_HEADER",
    "GIT_AUTH_TOKEN.github.com",
    "HTTP_AUTH_TOKEN_github.com",
  ];
  for (const [truth, text, secrets, ssh, buildArgs] of cases) {
    it(`are those that are named ${truth}`, () => {
      const wanted = wantedIds(text, buildArgs);
      assert.deepEqual(all.filter(wanted.secret), secrets);
      assert.deepEqual(all.filter(wanted.ssh), ssh);
    });
  }

  for (const text of ["FROM a\nRUN --mount=type=secret,id=$UNKNOWN true\n", "# syntax=quay.io/x/y\nwhatever\n"]) {
    it(`may be any in ${JSON.stringify(text)}`, () => assert.deepEqual(all.filter(wantedIds(text).secret), all));
  }
});
