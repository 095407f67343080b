import assert from "node:assert/strict";
import { DockerPyEvaluator, evaluateAsDockerPy } from "../../../src/core/context/dockerPy/evaluateAsDockerPy";
import { parseIgnoreFile } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import type { EvaluateOptions } from "../../../src/core/context/evaluation/evaluation";
import { Evaluator, evaluate } from "../../../src/core/context/evaluation/evaluator";
import { PathTree } from "../../../src/core/context/tree/pathTree";
import { seededRandom } from "./support";

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);
const texts = [
  "*",
  "a",
  "!a/b",
  "a/b",
  "!a/b/c",
  "**/c",
  "!**/d",
  "nothing",
  "!nothing/here",
  "!a/none",
  "x[z-a]",
  "!x[z-a]",
  "A/*",
  "b/?",
  "!b",
  "a/*/**",
  "!a/*/**",
];
const options: readonly EvaluateOptions[] = [
  { builder: "buildkit" },
  { builder: "classic" },
  { builder: "buildkit", prune: false },
  { builder: "buildkit", rule: "lastMatch" },
];

describe(`an evaluator that has seen other lists (TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const list = (): string[] =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => texts[Math.floor(random() * texts.length)] ?? "a");
  const tree = new PathTree();
  for (const path of ["a/b/c", "a/b/d", "a/c", "a/e/f", "b/c", "b/cc", "d", "e/a/b"])
    tree.add(path, "file", path.length);
  const grow = (round: number): void => void tree.add(`a/grown/${round}`, "file", round);

  it("comes to what a new one does", async () => {
    const evaluator = new Evaluator(tree);
    for (let round = 0; round < 200; round++) {
      if (round % 50 === 49) grow(round);
      const lines = list();
      const { patterns } = parseIgnoreFile(Buffer.from(lines.join("\n")), "buildkit");
      for (const how of options) {
        const [kept, anew] = [await evaluator.evaluate(patterns, how), await evaluate(patterns, tree, how)];
        const what = `${lines.join(" ")} ${JSON.stringify(how)}`;
        for (const id of tree.ids()) {
          const told = [kept, anew].map((each) => [
            each.isSent(id),
            each.isExcluded(id),
            each.decidedBy(id),
            each.decidedAt(id),
          ]);
          assert.deepEqual(told[0], told[1], `${what}: ${tree.pathOf(id)}`);
        }
        const rest = [kept, anew].map(({ lines: reports, sent, skipped, emptied, failure }) => ({
          reports,
          sent,
          skipped,
          emptied,
          failure,
        }));
        assert.deepEqual(rest[0], rest[1], what);
      }
    }
  });

  it("comes to what a new one does, as docker-py", async () => {
    const evaluator = new DockerPyEvaluator(tree);
    for (let round = 0; round < 200; round++) {
      if (round % 50 === 49) grow(1000 + round);
      const lines = list();
      const [kept, anew] = [await evaluator.evaluate(lines), await evaluateAsDockerPy(lines, tree)];
      const sent = [kept, anew].map((each) => [
        each.failure,
        each.sent,
        ...[...tree.ids()].filter((id) => each.isSent(id)),
      ]);
      assert.deepEqual(sent[0], sent[1], lines.join(" "));
    }
  });

  it("tells without a look at the paths that lines which match nothing make no difference", async () => {
    const evaluator = new Evaluator(tree);
    const evaluated = (text: string) =>
      evaluator.evaluate(parseIgnoreFile(Buffer.from(text), "buildkit").patterns, { builder: "buildkit" });
    const first = await evaluated("a\n!b/none\n");
    assert.ok((await evaluated("typ\na\n!b/none\ntyped")).isSame(first));
    assert.ok(!(await evaluated("a\nd\n!b/none")).isSame(first));
    assert.ok(!(await evaluated("a\n!a/none")).isSame(first));
    tree.add("typ", "file");
    assert.ok(!(await evaluated("typ\na\n!b/none\n")).isSame(first));
  });
});
