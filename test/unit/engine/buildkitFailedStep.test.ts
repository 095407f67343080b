import assert from "node:assert/strict";
import { vertex, log, trace, accept, run } from "./buildkitTraces";

describe("BuildkitProgress", () => {
  describe("finds the step that failed the build", () => {
    const cache = {
      digest: "sha256:2",
      name: "importing cache manifest from x",
      inputs: [],
      started: 1,
      completed: 2,
      error: "x: not found",
    };
    const failed = { ...run, started: 1, completed: 2, error: "exit code: 3" };
    const { progress } = accept(
      trace(vertex(cache)),
      trace(vertex(failed), log(run.digest, 2, "x".repeat(2000)), log(run.digest, 2, "the end\n")),
    );
    const expected = {
      step: { number: 2, name: run.name },
      message: "exit code: 3",
      output: `${"x".repeat(1992)}the end\n`,
    };

    it("by the digest in the build's error, with the end of what it wrote", () => {
      assert.deepEqual(progress.failedStep(run.digest, "something"), expected);
    });
    it("by its words where there is no digest, not by those of a cache that is not there", () => {
      assert.deepEqual(progress.failedStep(undefined, "failed to solve: exit code: 3"), expected);
      assert.equal(progress.failedStep(undefined, "dockerfile parse error"), undefined);
    });
  });
});
