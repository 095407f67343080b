import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { evaluateAsDockerPy } from "../../src/core/context/dockerPy/evaluateAsDockerPy";
import { parseZenmlIgnoreFile } from "../../src/core/context/dockerPy/parseZenmlIgnoreFile";
import { parseIgnoreFile, type ContextBuilder } from "../../src/core/context/dockerignore/parseIgnoreFile";
import { evaluate } from "../../src/core/context/evaluation/evaluator";
import { PathTree, type PathId } from "../../src/core/context/tree/pathTree";
import { writeTree } from "./caseTrees.mjs";
import { failed, type Outcome } from "./outcome.mjs";
import type { Case } from "./randomCases.mjs";

/** What our evaluation of a tree in memory says. */
export async function evaluated({ files, dockerignore }: Case, builder: ContextBuilder): Promise<Outcome> {
  const { patterns, problems } = parseIgnoreFile(Buffer.from(dockerignore), builder);
  const tree = treeOf(files);
  const evaluation = await evaluate(patterns, tree, { builder });
  const problem = problems[0] ?? evaluation.lines[evaluation.failure?.index ?? -1]?.problem;
  if (problem) return failed(problem.reason);
  const isLeaf = (id: PathId): boolean =>
    evaluation.isSent(id) && !tree.childrenOf(id).some((child) => evaluation.isSent(child));
  return { included: textsOf(tree, isLeaf), emptied: evaluation.emptied.map((id) => tree.pathOf(id)).sort() };
}

/** What our walk over the disk finds; it knows nothing of files that arrive empty. */
export async function walked(one: Case, builder: ContextBuilder, folder: string): Promise<Partial<Outcome>> {
  const root = await mkdtemp(path.join(folder, "walk-"));
  try {
    await writeTree(root, one);
    const files = await new BuildContext({ root, builder, alwaysInclude: [] }).getFiles();
    return { included: [...files.keys()].sort() };
  } catch (error) {
    // The message quotes the reason in a sentence.
    return failed(/ is invalid: (.*?), in "/s.exec(String(error))?.[1] ?? String(error));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What our engine for docker-py says. */
export async function evaluatedAsDockerPy({ files, dockerignore }: Case): Promise<Outcome> {
  const tree = treeOf(files);
  const evaluation = await evaluateAsDockerPy(parseZenmlIgnoreFile(Buffer.from(dockerignore)), tree);
  if (evaluation.failure !== undefined) return failed("bad character range");
  return { included: textsOf(tree, (id) => evaluation.isSent(id)), emptied: [] };
}

function textsOf(tree: PathTree, includes: (id: PathId) => boolean): string[] {
  const ids = [...tree.ids()].filter(includes);
  return ids.map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : "")).sort();
}

function treeOf(files: readonly string[]): PathTree {
  const tree = new PathTree();
  for (const file of files) {
    const [name = "", target] = file.split(" -> ");
    if (target !== undefined) tree.add(name, "symlink");
    else if (name.endsWith("/")) tree.add(name.slice(0, -1), "directory");
    else tree.add(name, "file", 1);
  }
  return tree;
}
