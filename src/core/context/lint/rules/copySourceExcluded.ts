import type { CopySource } from "../../../dockerfile/copySources";
import type { PathId } from "../../tree/pathTree";
import type { Evaluation } from "../../evaluation/evaluation";
import { lineFor } from "../state/lineFor";
import type { FixPlan, LintState, LintedDockerfile } from "../state/lintState";
import type { WrittenLine } from "../state/ignoreText";
import { isAtOrBelow } from "../state/pathPatterns";
import { docs, type Draft, type Rule } from "../state/rule";
import { sourceMatcher } from "../state/takenPaths";
import { topmost, type TreeView } from "../state/treeView";
import { offendingPart } from "../state/unwantedPaths";
import { escapePath } from "../state/escapePath";

/** Rule for sources of COPY and ADD that exist but are excluded by the ignore file. */
export const copySourceExcluded: Rule = {
  code: "copy-source-excluded",
  severity: "error",
  explanation:
    'Instructions cannot use files that the ignore file excludes: the build fails with "not found". ' +
    "In BuildKit, a wildcard may match no files and then copies nothing; " +
    "the classic builder fails if no source of the instruction is left.",
  docsUrl: docs.copy,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    for (const dockerfile of state.subject.dockerfiles) {
      for (const source of dockerfile.sources) {
        const excluded = await excludedPath(source, view);
        if (excluded !== undefined) yield await draftOf(source, excluded, dockerfile, state, view);
      }
    }
  },
};

/** Returns the paths that a source matches. */
async function meantBy(source: CopySource, view: TreeView): Promise<readonly PathId[]> {
  const { tree } = view;
  if (source.path === undefined || source.path === "") return [];
  if (!source.isWildcard) {
    const id = tree.find(source.path);
    return id === undefined ? [] : [id];
  }
  const matches = sourceMatcher(source);
  return view.filter((id) => matches(tree.pathOf(id)));
}

/** Returns a path that the source matches if none of its paths are sent, otherwise undefined. */
async function excludedPath(source: CopySource, view: TreeView): Promise<PathId | undefined> {
  const evaluation = await view.evaluate();
  const found = await meantBy(source, view);
  return found.some((id) => isThere(id, evaluation)) ? undefined : found[0];
}

function isThere(id: PathId, evaluation: Evaluation): boolean {
  return evaluation.isSent(id) || ["socket", "device"].includes(evaluation.tree.kindOf(id));
}

async function draftOf(
  source: CopySource,
  id: PathId,
  { file, sources }: LintedDockerfile,
  state: LintState,
  view: TreeView,
): Promise<Draft> {
  const { keyword, range, isWildcard, path = "" } = source;
  const evaluation = await view.evaluate();
  const decider = state.lineAt(evaluation.decidedBy(id));
  const what = isWildcard ? `everything that matches "${path}"` : `"${path}"`;
  const fails = await failsTheBuild(source, sources, view);
  const reason = decider
    ? `line ${decider.line} of ${state.subject.file} ("${decider.text}") excludes ${what} from the build context`
    : `${what} is not in the build context`;
  const when = source.isReached ? "" : " once this stage is built";
  return {
    file,
    range,
    severity: fails && (source.isReached || view.builder === "classic") ? "error" : "warning",
    message: `This ${keyword} ${fails ? "fails" : "copies nothing"}${when}: ${reason}.`,
    related: decider ? [state.related(decider, `The line that excludes ${what}`)] : [],
    fixes: await fixesFor(source, decider, state, view),
  };
}

/**
 * Plans an exception for the source, or the deletion of the line that excludes it; neither may include anything else.
 */
async function fixesFor(
  source: CopySource,
  decider: WrittenLine | undefined,
  state: LintState,
  view: TreeView,
): Promise<FixPlan[]> {
  const { tree } = view;
  const { path = "", isWildcard } = source;
  const { file } = state.subject;
  const ids = await meantBy(source, view);
  const paths = new Set(ids.map((id) => tree.pathOf(id)));
  const undoes = state.plainLinesOn([...paths]);
  const promise = { starts: (each: string) => isAtOrBelow(each, paths), undoes, names: isWildcard ? [] : [path] };
  const plan = (rest: Pick<FixPlan, "title" | "append" | "changes">): FixPlan => ({
    ...rest,
    promise,
    keeps: async (_, after) => (await excludedPath(source, after.view)) === undefined,
  });
  const line = `!${isWildcard ? path.replace(/[{}|]|(?<!\[)\^/g, "\\$&") : escapePath(path)}`;
  const apart = await staysOut(ids, undoes, state, view);
  const exceptions = [
    plan({ title: `Add "${line}" to ${file}`, append: [line] }),
    ...(decider && decider.line < state.ignore.lastLine
      ? [
          plan({
            title: `Add "${line}" below line ${decider.line} of ${file}`,
            changes: [{ line: decider.line, lines: [state.ignore.raw(decider.line), line] }],
          }),
        ]
      : []),
    ...(apart.length > 0
      ? [
          plan({
            title: `Add ${[line, ...apart].map((each) => `"${each}"`).join(", ")} to ${file}`,
            append: [line, ...apart],
          }),
        ]
      : []),
  ];
  const deletion = decider
    ? [plan({ title: `Delete line ${decider.line} of ${file}`, changes: [{ line: decider.line, lines: [] }] })]
    : [];
  return decider?.pattern.text === path ? [...deletion, ...exceptions] : [...exceptions, ...deletion];
}

/** Maximum number of lines that exclude what a source must not include. */
const mostApart = 5;

/**
 * Returns lines for paths in a source that are secrets, clutter, or excluded by another line; empty if there would be
 * too many.
 */
async function staysOut(
  ids: readonly PathId[],
  undoes: readonly number[],
  state: LintState,
  view: TreeView,
): Promise<string[]> {
  const { tree } = view;
  const undone = new Set(undoes);
  const patterns = view.patterns.filter(({ line }) => line === undefined || !undone.has(line));
  const rest = await view.with(patterns).evaluate();
  const paths = new Set(ids.map((id) => tree.pathOf(id)));
  const isApart = (id: PathId): boolean => {
    const path = tree.pathOf(id);
    if (!isAtOrBelow(path, paths) || paths.has(path)) return false;
    return rest.isExcluded(id) || (!tree.isDirectory(id) && offendingPart(path) !== undefined);
  };
  const lineOf = (id: PathId): string | undefined =>
    rest.isExcluded(id) ? patterns[rest.decidedBy(id) ?? -1]?.text : lineFor(tree.pathOf(id));
  const found = new Set(topmost(tree, await view.filter(isApart)).flatMap((id) => lineOf(id) ?? []));
  return found.size <= mostApart ? [...found] : [];
}

/**
 * Whether the source makes the build fail. In BuildKit, a wildcard fails only if its folder is missing; in the classic
 * builder, if the instruction has no source left.
 */
async function failsTheBuild(
  { isWildcard, instruction, path = "" }: CopySource,
  all: readonly CopySource[],
  view: TreeView,
): Promise<boolean> {
  if (!isWildcard) return true;
  const evaluation = await view.evaluate();
  if (view.builder === "buildkit") {
    const literal = path.slice(0, path.search(/[*?[]/)).split("/").slice(0, -1).join("/");
    const folder = literal === "" ? undefined : view.tree.find(literal);
    return folder !== undefined && !evaluation.isSent(folder);
  }
  for (const other of all) {
    if (other.instruction === instruction && (other.path === undefined || !(await isMissing(other, view))))
      return false;
  }
  return true;
}

async function isMissing(source: CopySource, view: TreeView): Promise<boolean> {
  const { path = "", isWildcard } = source;
  if (path === "") return false;
  if (!isWildcard) return true;
  const evaluation = await view.evaluate();
  const matches = sourceMatcher(source);
  return !(await view.filter((id) => evaluation.isSent(id) && matches(view.tree.pathOf(id)))).length;
}
