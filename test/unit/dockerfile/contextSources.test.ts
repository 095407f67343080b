import assert from "node:assert/strict";
import { contextDockerfile, contextSources, usedContexts } from "../../../src/core/dockerfile/contextSources";
import { copySources } from "../../../src/core/dockerfile/copySources";
import { namedImages } from "../../../src/core/dockerfile/namedImages";
import type { StageOptions } from "../../../src/core/dockerfile/stages";
import { wantedIds } from "../../../src/core/dockerfile/wantedIds";
import { overBudget } from "../../support/workTime";

const all = [""];

const cases: readonly (readonly [truth: string, text: string, taken: readonly string[], question?: StageOptions])[] = [
  ["what COPY takes from it", "FROM scratch\nCOPY --from=app src /a.txt /", ["src", "a.txt"]],
  ["what COPY takes in any spelling", "FROM scratch\ncopy --FROM=docker.io/library/app:latest src /", ["src"]],
  ["what variables name", "FROM scratch\nARG WHAT=src\nCOPY --from=app $WHAT/x /", ["src/x"]],
  ["all of it where a stage stands on it", "FROM app\nRUN x", all],
  ["all of it where a stage stands on it by a variable", "ARG BASE=app\nFROM $BASE\nRUN x", all],
  ["all of it where a variable may hide it", "FROM scratch AS one\nFROM ${TARGETARCH}\nRUN x", all],
  ["all of it where RUN mounts it", "FROM a\nRUN --mount=from=app,source=src,target=/x y", all],
  ["nothing where only another one is named", "FROM alpine\nCOPY --from=other src /\nCOPY a /", []],
  ["nothing of another tag", "FROM scratch\nCOPY --from=app:1 src /", []],
  ["nothing of a stage that is not reached", "FROM app AS one\nRUN x\nFROM scratch\nCOPY a /", []],
  ["what is copied from a stage of its name", "FROM a AS app\nCOPY . /\nFROM scratch\nCOPY --from=app src /", ["src"]],
  [
    "what is copied from that stage by its number",
    "FROM a AS app\nCOPY . /\nFROM scratch\nCOPY --from=0 src /",
    ["src"],
  ],
  ["all of it where a stage stands on one of its name", "FROM a AS app\nCOPY . /\nFROM app\nRUN x", all],
  ["all of it where such a stage is the target", "FROM a AS app\nCOPY . /\nFROM b\nRUN x", all, { target: "App" }],
  ["all of it where such a stage is the last", "FROM a AS b\nFROM a AS app\nCOPY . /", all],
  ["nothing by the name of a stage before it goes", "FROM a AS x\nFROM scratch\nCOPY --from=x src /", []],
  ["what ONBUILD copies in the next stage", "FROM a AS b\nONBUILD COPY --from=app src /\nFROM b", ["src"]],
  ["all of it with another frontend", "# syntax=me/mine\nFROM scratch\nCOPY --from=app src /", all],
];

describe("what a build takes out of a named context", () => {
  const buildContexts = { app: "../app" };
  for (const [truth, text, taken, question = {}] of cases) {
    it(truth, () => {
      const found = contextSources(text, "app", { ...question, buildContexts });
      assert.deepEqual([...new Set(found.map(({ path }) => path))], taken);
    });
  }

  it("has a known beginning where the rest is not known", () => {
    const [source] = contextSources("FROM a\nCOPY --from=app src/$HOSTNAME /", "app", { buildContexts });
    assert.deepEqual([source?.path, source?.prefix], [undefined, "src/"]);
  });

  it("is nothing by a name that BuildKit looks up no context for", () => {
    for (const name of ["scratch", "context"])
      assert.deepEqual(contextSources(`FROM ${name}\n`, name, { buildContexts: { [name]: "x" } }), []);
  });

  it("does not count for the build's own context", () => {
    const text = "FROM a AS app\nCOPY keys /\nFROM scratch\nCOPY --from=app src /\nCOPY own /";
    const paths = copySources(text, {}, { buildContexts }).flatMap(({ isReached, path }) => (isReached ? path : []));
    assert.deepEqual(paths, ["own"]);
  });

  it("is written as what a Dockerfile of its own copies, in the same lines", () => {
    const text = 'FROM scratch\n\nCOPY --from=app ["src", "a b", "/"]\nCOPY own /\nCOPY --from=app . /';
    const written = contextDockerfile(text, "app", { buildContexts });
    assert.equal(written, 'FROM scratch\n\nCOPY ["src","a b","/"]\n\nCOPY [".","/"]\n');
  });

  it("is asked for by those that the Dockerfile names", () => {
    const contexts = { app: "a", "docker.io/library/alpine:3.20": "b", other: "c" };
    const text = "FROM alpine:3.20\nCOPY --from=app x /";
    assert.deepEqual(usedContexts(text, { buildContexts: contexts }), ["app", "docker.io/library/alpine:3.20"]);
  });

  it("is asked for by just those of which something is taken", () => {
    const buildContexts = { app: "a", x: "b", scratch: "c", "docker.io/library/other": "d", "app:1": "e" };
    for (const [truth, text, , question = {}] of cases) {
      const asked = { ...question, buildContexts };
      const taken = Object.keys(buildContexts).filter((name) => contextSources(text, name, asked).length > 0);
      assert.deepEqual(usedContexts(text, asked), taken, truth);
    }
  });

  it("is found in little time in a workspace that names 20,000 of them", () => {
    const buildContexts = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`c${i}`, "."]));
    const text = "FROM scratch\nCOPY --from=c7 a /\n";
    let used: string[] = [];
    assert.equal(
      overBudget(() => (used = usedContexts(text, { buildContexts })), 200),
      undefined,
    );
    assert.deepEqual(used, ["c7"]);
  });
});

describe("images and secrets with named contexts", () => {
  const text = "FROM ghcr.io/a/b:1 AS one\nFROM alpine\nCOPY --from=app x /\nCOPY --from=busybox x /";

  it("are those that no context stands for, and those that contexts are", () => {
    const buildContexts = {
      "ghcr.io/a/b:1": "docker-image://quay.io/c/d:2",
      app: "../app",
      alpine: "docker-image://scratch",
    };
    assert.deepEqual(namedImages(text, {}, { buildContexts }).images, ["busybox", "quay.io/c/d:2"]);
  });

  it("are asked for where the daemon fetches a context", () => {
    const ids = (source: string) => wantedIds(text, {}, { buildContexts: { app: source } });
    for (const source of ["https://github.com/a/b.git", "git@github.com:a/b"]) {
      assert.ok(ids(source).secret("GIT_AUTH_TOKEN"));
      assert.ok(ids(source).ssh("default"));
    }
    assert.ok(!ids("../app").secret("GIT_AUTH_TOKEN"));
  });
});
