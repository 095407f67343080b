import assert from "node:assert/strict";
import { countByReason, isPosixOnly, unusedPatterns } from "../../../scripts/windows/posixOnly.mjs";

describe("a run of the unit tests on Windows", () => {
  const known = "a pipe in a file's place is not waited for where a Dockerfile is read";

  it("leaves out what is told by name, and nothing else", () => {
    assert.ok(isPosixOnly(known));
    for (const title of ["a new test fails", "", `another suite ${known}`]) assert.ok(!isPosixOnly(title), title);
  });

  it("has a reason for each test that is left out, and counts it once", () => {
    const counts = countByReason([known, "a new test fails"]);
    assert.ok(counts.every(([reason]) => /^[A-Z].*\.$/.test(reason)));
    assert.equal(
      counts.map(([, count]) => count).reduce((sum, count) => sum + count),
      1,
    );
  });

  it("names every pattern that matches no test that failed", () => {
    const all = unusedPatterns([]);
    const without = unusedPatterns([known]);
    assert.deepEqual(
      all.filter((pattern) => !without.includes(pattern)),
      ["/^a pipe in a file's place is not waited for/"],
    );
  });
});
