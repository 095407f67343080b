import assert from "node:assert/strict";
import { findSecrets, type FoundSecret } from "../../../../src/core/context/review/findSecrets";
import { harmlessTexts, noise, pem, secretTexts } from "./secrets";

function find(text: string): FoundSecret[] {
  const steps = findSecrets(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe("a text that holds a secret", () => {
  for (const [index, { what, text }] of secretTexts.entries()) {
    it(`is told as ${what} (${index + 1})`, () => {
      assert.deepEqual(
        find(text).map((found) => found.what),
        [what],
      );
      assert.deepEqual(
        find(`\n\n  # ${"x".repeat(300)}\n${text}`).map((found) => found.what),
        [what],
      );
    });
  }

  it("is told with the line, each kind once", () => {
    const token = `ghp_${noise(36)}`;
    const text = `a\nb\nTOKEN=${token}\nAGAIN=${token}\n${pem("PRIVATE KEY")}`;
    assert.deepEqual(find(text), [
      { what: "a GitHub token", line: 3 },
      { what: "a private key", line: 5 },
    ]);
  });

  it("is told wherever it lies in a long one", () => {
    const token = `glpat-${noise(20)}`;
    for (const before of [256 * 1024 - 70, 256 * 1024 - 60, 256 * 1024 - 3, 256 * 1024, 256 * 1024 + 1]) {
      assert.deepEqual(
        find(`${"a ".repeat(before / 2)}${before % 2 ? " " : ""}\n${token} `).map(({ what }) => what),
        ["a GitLab token"],
        String(before),
      );
    }
  });
});

describe("a text that only resembles a secret", () => {
  for (const [truth, text] of Object.entries(harmlessTexts))
    it(`is none: ${truth}`, () => assert.deepEqual(find(text), []));
});
