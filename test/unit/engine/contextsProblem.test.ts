import assert from "node:assert/strict";
import { contextsProblem } from "../../../src/core/engine/namedContexts";
import type { EngineIdentity } from "../../../src/core/engine/probe";

const engine = (more: Partial<EngineIdentity>): EngineIdentity => ({
  product: "docker",
  version: "28.5",
  apiVersion: "1.51",
  os: "linux",
  buildkit: true,
  ...more,
});
const line = "# syntax=docker/dockerfile:1";

describe("named build contexts, before there is a build", () => {
  const of = (more: Partial<EngineIdentity>, text = "FROM a\n", builder?: "classic" | "buildkit" | "auto") =>
    contextsProblem({ engineInfo: engine(more), options: { builder } }, { name: "Dockerfile", text });

  it("have no problem where BuildKit knows them, or the Dockerfile names a frontend", () => {
    assert.equal(of({}), undefined);
    assert.equal(of({ apiVersion: "1.42" }), undefined);
    assert.equal(of({ apiVersion: "1.41", version: "20.10" }, `${line}\nFROM a\n`), undefined);
  });

  it("need a line where BuildKit is older", () => {
    const problem = of({ apiVersion: "1.41", version: "20.10.24" });
    assert.equal(problem?.missingLine, line);
    assert.match(
      problem.message,
      /^BuildKit in docker 20\.10\.24 doesn't support .* or begin Dockerfile with "# syntax=/,
    );
    assert.equal(of({ apiVersion: "1.41" }, `${problem.missingLine}\nFROM a\n`), undefined, "the line fixes it");
  });

  for (const [what, more, builder, says] of [
    ["the classic builder", {}, "classic", /^The classic builder doesn't support named build contexts\./],
    ["a daemon without BuildKit", { buildkit: false }, "auto", /^docker 28\.5 has no BuildKit/],
    ["Podman", { product: "podman", version: "5", buildkit: false }, undefined, /^podman 5 has no BuildKit/],
    ["a BuildKit that can't be reached", { apiVersion: "1.39" }, "buildkit", /has no BuildKit/],
  ] as const) {
    it(`are not to be had with ${what}, whatever the Dockerfile begins with`, () => {
      for (const text of ["FROM a\n", `${line}\nFROM a\n`]) {
        const problem = of(more, text, builder);
        assert.match(problem?.message ?? "", says);
        assert.equal(problem?.missingLine, undefined);
      }
    });
  }
});
