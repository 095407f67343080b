import assert from "node:assert/strict";
import { gitIgnoreTest } from "../../../../src/core/context/lint/gitIgnoreTest";
import { secretKindOf } from "../../../../src/core/context/lint/state/names";
import { compiledIfValid } from "../../../../src/core/context/dockerignore/compilePattern";
import { assertQuick } from "../../hostileTextsSupport";

const filesWith = (text: string) => ({
  context: "",
  above: [{ name: ".gitignore", folder: "", text }],
  read: async () => undefined,
});

describe("whether Git ignores what a pattern names", () => {
  it("is known from a file with a byte order mark and carriage returns", () => {
    const isIgnored = gitIgnoreTest(filesWith("\ufefffirst\r\nsecond\r\n"), undefined);
    assert.deepEqual(["first", "second", "third"].map(isIgnored), [true, true, false]);
  });

  it("is found out at once for lines that stand for any number of folders many times", () => {
    const hostile = `${"**/a/".repeat(12)}b\n${"/**/a".repeat(12)}/b\nplain\n`;
    const isIgnored = gitIgnoreTest(filesWith(hostile), undefined);
    assertQuick(() => void isIgnored("a/".repeat(29) + "a"));
    assert.equal(isIgnored("plain"), true);
  });
});

describe("the pattern for a kind of secrets", () => {
  for (const name of [
    "client_secret[1].json",
    "service-account{a,b}.json",
    "client_secret$&.json",
    "service_account*.json",
  ])
    it(`excludes ${name}, whose name has characters of patterns`, () => {
      const pattern = secretKindOf(`keys/${name}`)?.pattern ?? "";
      const automaton = compiledIfValid(pattern)?.automaton;
      assert.ok(automaton?.run(automaton.start, `keys/${name}`).accepts, pattern);
      assert.ok(!automaton.run(automaton.start, "keys/client_secret1.json").accepts, pattern);
    });
});
