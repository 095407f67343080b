import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { tsImport } from "tsx/esm/api";
import { writeTree } from "./caseTrees.mjs";
import { failed } from "./outcome.mjs";

/** @typedef {import("./outcome.mjs").Outcome} Outcome */

const core = "../../src/core/context";
const { BuildContext } = await tsImport(`${core}/buildContext.ts`, import.meta.url);
const { parseIgnoreFile } = await tsImport(`${core}/dockerignore/parseIgnoreFile.ts`, import.meta.url);
const { evaluate } = await tsImport(`${core}/evaluation/evaluator.ts`, import.meta.url);
const { PathTree } = await tsImport(`${core}/evaluation/pathTree.ts`, import.meta.url);
const { evaluateAsDockerPy } = await tsImport(`${core}/dockerPy/evaluateAsDockerPy.ts`, import.meta.url);
const { parseZenmlIgnoreFile } = await tsImport(`${core}/dockerPy/parseZenmlIgnoreFile.ts`, import.meta.url);

/**
 * What our evaluation of a tree in memory says.
 *
 * @param {import("./randomCases.mjs").Case} one
 * @param {"buildkit" | "classic"} builder
 * @returns {Promise<Outcome>}
 */
export async function evaluated({ files, dockerignore }, builder) {
  const { patterns, problems } = parseIgnoreFile(Buffer.from(dockerignore), builder);
  const tree = treeOf(files);
  const evaluation = await evaluate(patterns, tree, { builder });
  const problem = problems[0] ?? evaluation.lines[evaluation.failure?.index ?? -1]?.problem;
  if (problem) return failed(problem.reason);
  const isLeaf = (/** @type {number} */ id) => evaluation.isSent(id) && !tree.childrenOf(id).some((/** @type {number} */ child) => evaluation.isSent(child));
  const included = [...tree.ids()].filter(isLeaf).map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : ""));
  return { included: included.sort(), emptied: evaluation.emptied.map((/** @type {number} */ id) => tree.pathOf(id)).sort() };
}

/**
 * What our walk over the disk finds; it knows nothing of files that arrive empty.
 *
 * @param {import("./randomCases.mjs").Case} one
 * @param {"buildkit" | "classic"} builder
 * @param {string} folder for the tree
 * @returns {Promise<Partial<Outcome>>}
 */
export async function walked(one, builder, folder) {
  const root = await mkdtemp(path.join(folder, "walk-"));
  try {
    await writeTree(root, one);
    const files = await new BuildContext({ root, builder, alwaysInclude: [] }).getFiles();
    return { included: [...files.keys()].sort() };
  } catch (error) {
    // The message quotes the reason in a sentence.
    return failed(/ is invalid: (.*?), in "/s.exec(/** @type {Error} */ (error).message)?.[1] ?? String(error));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/**
 * What our engine for docker-py says.
 *
 * @param {import("./randomCases.mjs").Case} one
 * @returns {Promise<Outcome>}
 */
export async function evaluatedAsDockerPy({ files, dockerignore }) {
  const tree = treeOf(files);
  const evaluation = await evaluateAsDockerPy(parseZenmlIgnoreFile(Buffer.from(dockerignore)), tree);
  if (evaluation.failure) return failed("bad character range");
  const sent = [...tree.ids()].filter((id) => evaluation.isSent(id));
  return { included: sent.map((id) => tree.pathOf(id) + (tree.isDirectory(id) ? "/" : "")).sort(), emptied: [] };
}

/** @param {readonly string[]} files */
function treeOf(files) {
  const tree = new PathTree();
  for (const file of files) {
    const [name = "", target] = file.split(" -> ");
    if (target !== undefined) tree.add(name, "symlink");
    else if (name.endsWith("/")) tree.add(name.slice(0, -1), "directory");
    else tree.add(name, "file", 1);
  }
  return tree;
}
