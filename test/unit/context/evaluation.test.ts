import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseIgnoreFile, type ContextBuilder } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import type { EvaluateOptions, Evaluation } from "../../../src/core/context/evaluation/evaluation";
import { evaluate } from "../../../src/core/context/evaluation/evaluator";
import { treeOf } from "./trees";

/** What a real Docker made of one tree and one ignore file. */
interface Case extends Outcome {
  readonly id: string;
  /** `p` a file, `p/` an empty directory, `p -> t` a link. */
  readonly files: readonly string[];
  readonly dockerignore: string;
  readonly classic?: Outcome;
}

interface Outcome {
  readonly included: readonly string[];
  readonly emptied?: readonly string[];
  readonly error?: string;
}

const cases = JSON.parse(
  readFileSync(new URL("../../fixtures/dockerignore-cases.json", import.meta.url), "utf8"),
) as Case[];

describe("a tree in memory is evaluated as Docker reads it from a disk", () => {
  for (const one of cases) {
    it(`${one.id}: ${JSON.stringify(one.dockerignore).slice(0, 80)}`, async () => {
      await check(one, "buildkit", one);
      await check(one, "classic", one.classic ?? { included: one.included, error: one.error });
    });
  }
});

describe("an evaluation explains itself", () => {
  const files = ["a.log", "data/big.csv", "data/sample.csv", "data/raw/x.csv", "src/main.py", "src/a.log"];

  it("by the line that decided and the place where it did", async () => {
    const evaluation = await evaluated("data\n!data/sample.csv\n**/*.log\n", files);
    assert.deepEqual(decisions(evaluation), [
      "a.log: 2 at a.log",
      "data: 0 at data",
      "data/big.csv: 0 at data",
      "data/raw: 0 at data",
      "data/raw/x.csv: 0 at data",
      "data/sample.csv: 1 at data/sample.csv",
      "src: none",
      "src/a.log: 2 at src/a.log",
      "src/main.py: none",
    ]);
    assert.deepEqual(pathsOf(evaluation, evaluation.skipped), ["data/raw"]);
    assert.deepEqual(evaluation.sent, { files: 2, bytes: 2 });
  });

  it("by what each line matches and how often it turns the verdict", async () => {
    const { lines } = await evaluated("data\n!data/sample.csv\n**/*.log\n**/a.log\n!nothing\n", files);
    assert.deepEqual(
      lines.map(({ files, bytes, flips }) => [files, bytes, flips]),
      [
        // It turns the directory and the three entries of it; what is in `data/raw` is not looked at.
        [3, 3, 4],
        [1, 1, 1],
        [2, 2, 2],
        [2, 2, 0],
        [0, 0, 0],
      ],
    );
  });

  it("by what a line matches inside a skipped directory too", async () => {
    const { lines } = await evaluated("data\n**/*.csv\n", files);
    assert.equal(lines[1]?.files, 3);
  });

  it("by a bad line only where it is tried", async () => {
    const bad = await evaluated("**/*.log\n[z-a]\n", files);
    assert.deepEqual(bad.failure && [bad.failure.index, bad.tree.pathOf(bad.failure.path)], [1, "data"]);
    const latent = await evaluated("*\n[z-a]\n", files);
    assert.equal(latent.failure, undefined);
    assert.equal(latent.lines[1]?.problem?.reason, "syntax error in pattern");
  });

  const rules: readonly (readonly [
    what: string,
    text: string,
    path: string,
    options: Partial<EvaluateOptions>,
    isSent: boolean,
  ])[] = [
    ["an exception that would change nothing above does not apply below", "**/*.py\n!src", "src/main.py", {}, false],
    ["the rule of the documentation lets it in", "**/*.py\n!src", "src/main.py", { rule: "lastMatch" }, true],
    ["BuildKit does not look for a plain exception's like", "*\n!data/*/**", "data/raw/x.csv", {}, false],
    ["unless it looks everywhere", "*\n!data/*/**", "data/raw/x.csv", { prune: false }, true],
    [
      "classic looks only where an exception's text begins",
      "*\n!**/*.py",
      "src/main.py",
      { builder: "classic" },
      false,
    ],
    ["BuildKit looks everywhere for a wildcard", "*\n!**/*.py", "src/main.py", {}, true],
  ];
  for (const [what, text, path, options, isSent] of rules) {
    it(what, async () => {
      const evaluation = await evaluated(text, files, options);
      assert.equal(evaluation.isSent(evaluation.tree.find(path) ?? 0), isSent);
    });
  }
});

describe("evaluating leaves the event loop alone", () => {
  const lines = Array.from({ length: 30 }, (_, i) => `**/*${i}*x*`).join("\n");
  const files = Array.from({ length: 20_000 }, (_, i) => `flat/some-longer-name-${i}.txt`);

  it("while it works", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const start = process.cpuUsage();
    await evaluated(lines, files);
    const ms = process.cpuUsage(start).user / 1000;
    clearInterval(timer);
    assert.ok(turns > ms / 100, `${turns} turns in ${ms} ms`);
  });

  it("once it is aborted", async () => {
    const abort = new AbortController();
    const { patterns } = parseIgnoreFile(Buffer.from(lines), "buildkit");
    const evaluating = evaluate(patterns, treeOf(files), { builder: "buildkit" }, abort.signal);
    setTimeout(() => abort.abort(new Error("typed on")), 5);
    await assert.rejects(evaluating, { message: "typed on" });
  });

  it("and begins again when files come meanwhile", async () => {
    const tree = treeOf(files);
    const { patterns } = parseIgnoreFile(Buffer.from(`${lines}\nnew`), "buildkit");
    const evaluating = evaluate(patterns, tree, { builder: "buildkit" });
    setTimeout(() => tree.add("new/file", "file", 1), 5);
    const evaluation = await evaluating;
    assert.ok(evaluation.isExcluded(tree.find("new/file") ?? 0));
  });
});

function evaluated(
  text: string,
  files: readonly string[],
  options: Partial<EvaluateOptions> = {},
): Promise<Evaluation> {
  const { patterns } = parseIgnoreFile(Buffer.from(text), options.builder ?? "buildkit");
  return evaluate(patterns, treeOf(files), { builder: "buildkit", ...options });
}

function decisions(evaluation: Evaluation): string[] {
  const { tree } = evaluation;
  return [...tree.ids()].map((id) => {
    const at = evaluation.decidedAt(id);
    return `${tree.pathOf(id)}: ${at === undefined ? "none" : `${evaluation.decidedBy(id)} at ${tree.pathOf(at)}`}`;
  });
}

async function check({ files, dockerignore }: Case, builder: ContextBuilder, expected: Outcome): Promise<void> {
  const { patterns, problems } = parseIgnoreFile(Buffer.from(dockerignore), builder);
  const evaluation = await evaluate(patterns, treeOf(files), { builder });
  const [problem = evaluation.failure && evaluation.lines[evaluation.failure.index]?.problem] = problems;
  if (expected.error !== undefined) {
    assert.ok(
      problem && expected.error.includes(problem.reason),
      `${builder}: ${JSON.stringify(problem)} instead of ${expected.error}`,
    );
    return;
  }
  assert.equal(problem, undefined);
  assert.deepEqual(leavesOf(evaluation), expected.included, builder);
  assert.deepEqual(pathsOf(evaluation, evaluation.emptied), expected.emptied ?? [], builder);
}

/** What the image holds: directories only where nothing of them arrives. */
function leavesOf(evaluation: Evaluation): string[] {
  const { tree } = evaluation;
  const isLeaf = (id: number): boolean =>
    evaluation.isSent(id) && !tree.childrenOf(id).some((child) => evaluation.isSent(child));
  return [...tree.ids()]
    .filter(isLeaf)
    .map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : ""))
    .sort();
}

function pathsOf({ tree }: Evaluation, ids: readonly number[]): string[] {
  return ids.map((id) => tree.pathOf(id)).sort();
}
