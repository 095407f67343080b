import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Random } from "../../../scripts/oracle/random.mjs";
import { expandWord } from "../../../src/core/dockerfile/expandWord";
import { copyWords, dockerWord, newlineArg, shellWord, shellWordWith } from "../../../src/core/image/render/quote";

const pieces = [
  " ",
  "'",
  '"',
  "$",
  "${",
  "}",
  "$HOME",
  "${HOME}",
  "\\",
  "\\n",
  "\n",
  "\t",
  "#",
  "=",
  "<<EOF",
  "&",
  ";",
  "`id`",
  "é",
  "😀",
  "a",
  "*",
  "!",
];

describe("quoting", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const values = Array.from({ length: 2000 }, () =>
    Array.from({ length: random.below(8) }, () => pieces[random.below(pieces.length)]).join(""),
  );
  before(() => console.log(`      seed ${seed}`));

  it("keeps any value as a word of a Dockerfile [F87]", () => {
    const variables = new Map([
      [newlineArg, "\n"],
      ["HOME", "/wrong"],
    ]);
    for (const value of values)
      assert.equal(
        expandWord(dockerWord(value), "\\", (name) => variables.get(name)),
        value,
        `seed ${seed}: ${JSON.stringify(value)}`,
      );
  });

  it("keeps the destination of a copy, whether it is written as words or as a list [F86]", () => {
    for (const value of values.filter((each) => !each.includes("\n") && each.trim() !== "")) {
      const text = copyWords(["a"], value);
      const destination = text.startsWith("[") ? (JSON.parse(text) as string[])[1] : text.split(" ")[1];
      assert.equal(
        expandWord(destination ?? "", "\\", () => "/wrong"),
        value,
        `seed ${seed}: ${text}`,
      );
    }
  });

  it("keeps any value as a word of a shell [F78]", () => {
    const script = values.map((value) => `printf '%s\\0' ${shellWord(value)}`).join("\n");
    assert.deepEqual(
      execFileSync("/bin/sh", { input: script, encoding: "utf8" }).split("\0").slice(0, -1),
      values,
      `seed ${seed}`,
    );
  });

  it("replaces the variables that are named in a word of a shell, and no others", () => {
    const script = ["https://u:$TOKEN@h", "${TOKEN}x", "$TOKENS $HOME $(id) `id` \\ \" ' $TOKEN", "none"]
      .map((value) => `printf '%s\\0' ${shellWordWith(value, ["TOKEN"])}`)
      .join("\n");
    const words = execFileSync("/bin/sh", {
      input: script,
      encoding: "utf8",
      env: { TOKEN: "a b$c", HOME: "/wrong" },
    }).split("\0");
    assert.deepEqual(words.slice(0, -1), [
      "https://u:a b$c@h",
      "a b$cx",
      "$TOKENS $HOME $(id) `id` \\ \" ' a b$c",
      "none",
    ]);
  });

  it("lets a variable stand for its own value only [F87]", () => {
    assert.equal(
      dockerWord("/x:$PATH:${PATH}:$HOME", (name) => name === "PATH"),
      '"/x:${PATH}:${PATH}:\\$HOME"',
    );
  });
});
