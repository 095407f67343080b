import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseIgnoreFile, type ContextBuilder } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import type { Evaluation } from "../../../src/core/context/evaluation/evaluation";
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

const cases = JSON.parse(readFileSync(new URL("../../fixtures/dockerignore-cases.json", import.meta.url), "utf8")) as Case[];

describe("a tree in memory is evaluated as Docker reads it from a disk", () => {
  for (const one of cases) {
    it(`${one.id}: ${JSON.stringify(one.dockerignore).slice(0, 80)}`, async () => {
      await check(one, "buildkit", one);
      await check(one, "classic", one.classic ?? { included: one.included, error: one.error });
    });
  }
});

async function check({ files, dockerignore }: Case, builder: ContextBuilder, expected: Outcome): Promise<void> {
  const { patterns, problems } = parseIgnoreFile(Buffer.from(dockerignore), builder);
  const evaluation = await evaluate(patterns, treeOf(files), { builder });
  const [problem = evaluation.failure && evaluation.lines[evaluation.failure.index]?.problem] = problems;
  if (expected.error !== undefined) {
    assert.ok(problem && expected.error.includes(problem.reason), `${builder}: ${JSON.stringify(problem)} instead of ${expected.error}`);
    return;
  }
  assert.equal(problem, undefined);
  assert.deepEqual(leavesOf(evaluation), expected.included, builder);
  assert.deepEqual(pathsOf(evaluation, evaluation.emptied), expected.emptied ?? [], builder);
}

/** What the image holds: directories only where nothing of them arrives. */
function leavesOf(evaluation: Evaluation): string[] {
  const { tree } = evaluation;
  const isLeaf = (id: number): boolean => evaluation.isSent(id) && !tree.childrenOf(id).some((child) => evaluation.isSent(child));
  return [...tree.ids()].filter(isLeaf).map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : "")).sort();
}

function pathsOf({ tree }: Evaluation, ids: readonly number[]): string[] {
  return ids.map((id) => tree.pathOf(id)).sort();
}
