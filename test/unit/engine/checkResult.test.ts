import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { readCheckResult } from "../../../src/core/engine/checkResult";

const text = "FROM scratch as one\nCOPY a /\n";
const dockerfile = { file: "/app/Dockerfile", name: "Dockerfile", bytes: Buffer.from(text), text };
const sources = [{ filename: "Dockerfile" }];

const read = (result: unknown) =>
  readCheckResult(
    Buffer.from(typeof result === "string" ? result : JSON.stringify(result)),
    dockerfile,
    "The Docker daemon",
  );
const at = (line: number, endLine = line) => ({ ranges: [{ start: { line }, end: { line: endLine } }] });

describe("the result of BuildKit's checks", () => {
  it("has each warning with its place, and an error", () => {
    const warning = { ruleName: "FromAsCasing", description: "why", url: "https://x", detail: "what", location: at(1) };
    assert.deepEqual(read({ warnings: [warning], sources, buildError: { message: "broken", location: at(2, 9) } }), [
      {
        severity: "warning",
        rule: "FromAsCasing",
        message: "what",
        description: "why",
        url: "https://x",
        location: { file: "/app/Dockerfile", line: 1, endLine: 1 },
      },
      { severity: "error", message: "broken", location: { file: "/app/Dockerfile", line: 2, endLine: 3 } },
    ]);
    assert.deepEqual(read({ warnings: null }), []);
  });

  it("is at the first line where its place is missing, beyond the end, or in another file", () => {
    for (const location of [undefined, {}, at(0), at(99), { sourceIndex: 7, ...at(2) }, { ranges: [{}] }])
      assert.equal(read({ warnings: [{ ruleName: "A", location }], sources })[0]?.location.line, 1);
  });

  it("is of the registry only if the failed instruction requests an image", () => {
    const message = "dial tcp: lookup registry.invalid: no such host";
    const reasons = [at(1), at(3)].map((location) => read({ sources, buildError: { message, location } })[0]);
    assert.deepEqual(
      reasons.map((each) => each?.isOfRegistry),
      [true, undefined],
    );
  });

  it("is refused if it is malformed, and cut if it is long", () => {
    for (const malformed of ["", "[]", "{", { warnings: [{}] }, { warnings: [], sources: 1 }, " ".repeat(5e6)])
      assert.throws(
        () => read(malformed),
        (error) => ImageBuilderError.is(error, "daemonFailed") && error.message.startsWith("The Docker daemon"),
      );
    const many = Array.from({ length: 5_000 }, () => ({ ruleName: "A", location: at(1) }));
    assert.equal(read({ warnings: many, sources }).length, 200);
  });
});
