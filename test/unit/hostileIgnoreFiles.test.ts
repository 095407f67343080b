import assert from "node:assert/strict";
import { IgnoreList, InvalidPatternError } from "../../src/core/context/dockerignore/ignoreList";
import { parseIgnoreFile } from "../../src/core/context/dockerignore/parseIgnoreFile";
import type { Evaluation } from "../../src/core/context/evaluation/evaluation";
import { Evaluator } from "../../src/core/context/evaluation/evaluator";
import { PathTree } from "../../src/core/context/tree/pathTree";
import { lint, lintStateOf } from "../../src/core/context/lint/lint";
import { assertPlain, measured } from "../support/hostileAnswers";
import { assertQuick, each } from "./hostileTextsSupport";

describe("hostile ignore files", () => {
  for (const text of [
    "{a,b}".repeat(30),
    "{a,{b,{c,d}}}".repeat(500),
    `${"{".repeat(1000)}a,b${"}".repeat(1000)}`,
    `{${"a,".repeat(30_000)}b}`,
  ]) {
    it(`with ${text.slice(0, 20)}… are told without expanding all that it could mean`, async () => {
      const findings = await lint(text, { builder: "buildkit" });
      for (const { fixes } of findings)
        for (const { edits } of fixes) assert.ok(edits.every(({ newText }) => newText.length < 200_000));
      assertQuick(() => void lint(text, { builder: "buildkit" }));
    });
  }

  it("with few alternatives still get the lines that they mean", async () => {
    const [finding] = await lint("*.{js,ts}.{a,b}", { builder: "buildkit" });
    assert.deepEqual(
      finding?.fixes[0]?.edits.map(({ newText }) => newText),
      ["*.js.a\n*.js.b\n*.ts.a\n*.ts.b"],
    );
  });

  it("of thousands of different lines are looked through line by line, not line against line", () => {
    assertQuick(
      () =>
        void lint(
          each(5000, (i) => `p${i}/q\n`),
          { builder: "buildkit" },
        ),
    );
  });

  it("whose counts come to too much are refused at the line that is tried", () => {
    const { patterns, problems } = parseIgnoreFile(
      Buffer.from(`a\n${[..."bcdefghijklmnopqrstuv"].map((letter) => `[${letter}]{1000}`).join("")}`),
      "buildkit",
    );
    assert.deepEqual(problems, []);
    const list = new IgnoreList(patterns, "buildkit");
    assert.throws(
      () => list.decide(list.root, "x", false),
      (error) =>
        error instanceof InvalidPatternError && error.problem.line === 2 && /too complex/.test(error.problem.reason),
    );
  });

  it("keep their counts as long as these come to little", () => {
    const list = new IgnoreList(parseIgnoreFile(Buffer.from("[a]{1000}\n[b]{3}"), "buildkit").patterns, "buildkit");
    assert.ok(list.decide(list.root, "a".repeat(1000), false).excluded);
    assert.ok(!list.decide(list.root, "a".repeat(999), false).excluded);
    assert.ok(list.decide(list.root, "bbb", false).excluded);
  });

  it("share the room for counts among all their lines", () => {
    const { patterns } = parseIgnoreFile(Buffer.from(each(10_000, (i) => `[a]{1000}${i}\n`)), "buildkit");
    let list: IgnoreList | undefined;
    assertQuick(() => (list = new IgnoreList(patterns, "buildkit")), 150);
    assert.throws(() => list?.decide(list.root, "x", false), InvalidPatternError);
  });

  it("that only small letters make invalid do not stop the checks", async () => {
    const tree = new PathTree();
    tree.add("src/app.py", "file", 10);
    const evaluator = new Evaluator(tree);
    const dockerfiles = [{ file: "Dockerfile", text: "FROM a\nCOPY [z-a]* [b /x\n" }];
    const findings = await lint("[zP-a]\n", { builder: "buildkit", evaluator, dockerfiles });
    assert.deepEqual(
      findings.map(({ code }) => code),
      [],
    );
  });

  it("that are too long are not checked, which is told", async () => {
    const [finding, ...others] = await lint("a\n".repeat(200_000), { builder: "buildkit" });
    assert.deepEqual(others, []);
    assert.match(finding?.message ?? "", /larger than 256 KiB.*not checked/);
  });
});

function treeOf(files: number): PathTree {
  const tree = new PathTree();
  for (let i = 0; i < files; i++) tree.add(`f${i}`, "file", 1);
  return tree;
}

describe("hostile ignore files on the files of a folder", () => {
  const tree = treeOf(2000);
  const patternsOf = (text: string) => parseIgnoreFile(Buffer.from(text), "buildkit").patterns;
  const singles = each(1000, (i) => `f${i}\n`);

  for (const [what, text] of [
    ["the same line", "*\n".repeat(10_000)],
    ["lines in turns", "*\n!*\n".repeat(5000)],
  ] as const) {
    it(`that match each file by ${what} take memory that grows with their length`, async () => {
      const evaluator = new Evaluator(tree);
      const { result, failure, peakMiB } = await measured(() =>
        evaluator.evaluate(patternsOf(text), { builder: "buildkit" }),
      );
      assert.equal(failure, undefined);
      const { lines, sent } = result as Evaluation;
      assert.equal(lines.length, 10_000);
      assert.equal(lines[0]?.files, 2000);
      assert.equal(sent.files, what === "the same line" ? 0 : 2000);
      assert.ok(peakMiB < 400, `${peakMiB} MiB`);
    });
  }

  it("keep little of what is found out about names of many letters", async () => {
    const names = new PathTree();
    for (let i = 0; i < 2000; i++) names.add(`${String.fromCharCode(0x400 + i)}${i}`, "file", 1);
    const text = each(1000, (i) => `*${i}*\n`);
    const { failure, peakMiB } = await measured(() =>
      new Evaluator(names).evaluate(patternsOf(text), { builder: "buildkit" }),
    );
    assert.equal(failure, undefined);
    assert.ok(peakMiB < 500, `${peakMiB} MiB`);
  });

  for (const [what, text, paths] of [
    ["in more ways than are noted", `${"*\n".repeat(10_000)}${singles}`, 2000],
    ["in other ways for each file", `${singles}${"*\n!*\n".repeat(4000)}`, 2000],
    ["with more lines than are tried", each(120_000, () => "a\n"), 10_000],
  ] as const) {
    it(`that match ${what} are refused in a sentence, and checked without the files`, async () => {
      const evaluator = new Evaluator(treeOf(paths));
      const { failure, peakMiB } = await measured(() => evaluator.evaluate(patternsOf(text), { builder: "buildkit" }));
      assertPlain(failure, what);
      assert.equal(failure.code, "dockerignoreInvalid");
      assert.ok(peakMiB < 500, `${peakMiB} MiB`);
      const findings = await lint(text, { builder: "buildkit", evaluator });
      assert.equal(findings[0]?.code, "unreadable-text");
      assert.match(findings[0]?.message ?? "", /too many lines/);
      assert.ok(findings.length > 1 || what.startsWith("in other"));
    });
  }

  it("that are too long have no state", () => {
    const evaluator = new Evaluator(tree);
    assert.throws(() => lintStateOf("a\n".repeat(200_000), { builder: "buildkit", evaluator }), /larger than 256 KiB/);
  });
});
