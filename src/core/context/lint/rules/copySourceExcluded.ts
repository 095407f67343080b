import type { CopySource } from "../../../dockerfile/copySources";
import type { PathId } from "../../tree/pathTree";
import type { Evaluation } from "../../evaluation/evaluation";
import type { LintState, LintedDockerfile } from "../state/lintState";
import { docs, type Draft, type Rule } from "../state/rule";
import { sourceMatcher } from "../state/takenPaths";
import type { TreeView } from "../state/treeView";
import { escapePath } from "../state/escapePath";

/** A source of COPY or ADD that is there and that the ignore file keeps out. */
export const copySourceExcluded: Rule = {
  code: "copy-source-excluded",
  severity: "error",
  explanation:
    'To an instruction, what the ignore file keeps out is not there: the build fails with "not found". BuildKit lets a wildcard match ' +
    "nothing and copies nothing then; the classic builder fails if no source of the instruction is left.",
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

/** How many sources of the Dockerfiles the ignore file keeps out. */
export async function excludedSources(state: LintState): Promise<number> {
  let count = 0;
  for await (const draft of copySourceExcluded.find(state)) count += draft ? 1 : 0;
  return count;
}

/** A path that the source means and that is not sent, if nothing that it means is. */
async function excludedPath(source: CopySource, view: TreeView): Promise<PathId | undefined> {
  const evaluation = await view.evaluate();
  const { tree } = view;
  if (source.path === undefined || source.path === "") return undefined;
  if (!source.isWildcard) {
    const id = tree.find(source.path);
    return id === undefined || isThere(id, evaluation) ? undefined : id;
  }
  const matches = sourceMatcher(source);
  const found = await view.filter((id) => matches(tree.pathOf(id)));
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
  const what = isWildcard ? `everything that "${path}" matches` : `"${path}"`;
  const fails = await failsTheBuild(source, sources, view);
  const reason = decider
    ? `line ${decider.line} of ${state.subject.file} ("${decider.text}") keeps ${what} out of the context`
    : `${what} is not in the context`;
  const isBack = async (after: TreeView): Promise<boolean> => (await excludedPath(source, after)) === undefined;
  const line = `!${isWildcard ? path : escapePath(path)}`;
  const exception = state.fix({ title: `Add "${line}" to ${state.subject.file}`, append: [line], keeps: (_, after) => isBack(after.view) });
  const deletion = decider
    ? [
        state.fix({
          title: `Delete line ${decider.line} of ${state.subject.file}`,
          changes: [{ line: decider.line, lines: [] }],
          keeps: (_, after) => isBack(after.view),
        }),
      ]
    : [];
  return {
    file,
    range,
    severity: fails && (source.isReached || view.builder === "classic") ? "error" : "warning",
    message: `${fails ? `This ${keyword} fails` : `This ${keyword} copies nothing`}${source.isReached ? "" : " once this stage is built"}: ${reason}.`,
    related: decider ? [state.related(decider, `The line that keeps ${what} out`)] : [],
    fixes: decider?.pattern.text === path ? [...deletion, exception] : [exception, ...deletion],
  };
}

/** A wildcard fails BuildKit only if the folder that it looks in is missing, and classic if the instruction is left without any source. */
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
    if (other.instruction === instruction && (other.path === undefined || !(await isMissing(other, view)))) return false;
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
