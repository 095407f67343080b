import { parseZenmlIgnoreFile } from "../../dockerPy/parseZenmlIgnoreFile";
import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId } from "../../tree/pathTree";
import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import type { WrittenLine } from "../state/ignoreText";
import type { FixPlan, LintState } from "../state/lintState";
import { sameIsSent } from "../state/fixPromise";
import { docs, type Draft, type Rule } from "../state/rule";
import type { TreeView } from "../state/treeView";
import { amountOf, examplesOf } from "../state/words";
import { withoutEnd } from "../../../base/trimText";

/** Rule for files that other builders send and this one doesn't, or the other way around. */
export const buildersDiffer: Rule = {
  code: "builders-differ",
  severity: "information",
  explanation:
    "BuildKit looks into an excluded folder if any exception contains a wildcard. " +
    "The classic builder, which podman and Docker without BuildKit use, does so only if an exception begins with " +
    "the folder's path. ZenML uses docker-py, which ignores case, looks into every folder whose path an " +
    "exception begins with, and matches the contents only by their own path and by the parent folder at the " +
    "depth of the pattern: with `**/secrets` and `!secrets.example` it sends `secrets/key.pem`.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const ours = await view.evaluate();
    const isClassic = view.builder === "classic";
    const theirs = await view.evaluate({ builder: isClassic ? "buildkit" : "classic" });
    const byZenml = state.subject.usesZenml === true ? await sentByZenml(state, view) : undefined;
    const differences = [
      ...(await differencesFrom(ours, isClassic ? "BuildKit" : "The classic builder", (id) => theirs.isSent(id), view)),
      ...(byZenml ? await differencesFrom(ours, zenml, byZenml, view) : []),
    ];
    for (const same of groupBy(differences, ({ key }) => key).values()) yield draftOf(same, state, view);
  },
};

const zenml = "ZenML";

/** Files with the same deciding line that one other builder treats differently. */
interface BuilderDifference {
  readonly name: string;
  /** Index of the line that decided; undefined if no line did. */
  readonly decider: number | undefined;
  readonly isMore: boolean;
  readonly ids: readonly PathId[];
  /** Equal for builders that treat the same files in the same way. */
  readonly key: string;
}

async function differencesFrom(
  ours: Evaluation,
  name: string,
  isSent: (id: PathId) => boolean,
  view: TreeView,
): Promise<BuilderDifference[]> {
  const { tree } = view;
  const differing = await view.filter(
    (id) => !tree.isDirectory(id) && ours.isSent(id) !== isSent(id) && !isSentAnyway(tree.pathOf(id)),
  );
  const groups = groupBy(differing, (id) => `${ours.decidedBy(id) ?? ""} ${isSent(id)}`);
  return [...groups].map(([key, ids]) => {
    const first = ids[0] ?? tree.root;
    return { name, decider: ours.decidedBy(first), isMore: isSent(first), ids, key: `${key} ${ids.join()}` };
  });
}

function draftOf(same: readonly BuilderDifference[], state: LintState, view: TreeView): Draft {
  const { decider, isMore = false, ids = [] } = same[0] ?? {};
  const line = state.lineAt(decider);
  const names = same.map(({ name }) => name).join(" and ");
  const isOne = same.length === 1;
  const range = line?.range ?? state.top;
  if (!isMore)
    return { range, message: `${names} ${isOne ? "does" : "do"} not send ${told(ids, view)}, but this build does.` };
  const ours = line ? `line ${line.line} excludes in this build` : "this build does not send";
  return {
    range,
    severity: "warning",
    message: `${names} ${isOne ? "sends" : "send"} ${told(ids, view)}, which ${ours}.`,
    fixes: line && same.some(({ name }) => name === zenml) ? [leakFix(state, line, ids)] : [],
  };
}

function told(ids: readonly PathId[], view: TreeView): string {
  const { files, folders, bytes, examples } = summaryOf(view.tree, ids);
  return `${amountOf({ files, folders, bytes })} (${examplesOf(examples, files)})`;
}

/** Whether docker-py adds a path by itself, which alone doesn't put it into an image. */
function isSentAnyway(path: string): boolean {
  return path === "Dockerfile" || path === ".dockerignore" || path.startsWith(".zen/");
}

async function sentByZenml({ ignore }: LintState, view: TreeView): Promise<((id: PathId) => boolean) | undefined> {
  const evaluation = await view.asDockerPy(parseZenmlIgnoreFile(Buffer.from(ignore.text)));
  // If docker-py fails, it sends nothing, so there is no difference to report.
  return evaluation.failure === undefined ? (id) => evaluation.isSent(id) : undefined;
}

/**
 * Plans an additional pattern for the contents of a folder, which docker-py matches in every folder that it looks into.
 */
function leakFix(state: LintState, written: WrittenLine, ids: readonly PathId[]): FixPlan {
  const content = `${withoutEnd(written.text, "/")}/**`;
  return {
    title: `Add "${content}" below for ZenML`,
    changes: [{ line: written.line, lines: [state.ignore.raw(written.line), content] }],
    promise: sameIsSent,
    isGoneByKeeps: true,
    keeps: async (_, after) => {
      const isSent = await sentByZenml(after, after.view);
      return isSent !== undefined && !ids.some(isSent);
    },
  };
}
