import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId } from "../../tree/pathTree";
import { groupBy } from "../../../base/groupBy";
import type { WrittenLine } from "../state/ignoreText";
import type { LintState } from "../state/lintState";
import { clutterOf } from "../state/names";
import { memoised } from "../../../base/memoised";
import { docs, type Rule } from "../state/rule";
import { sentTotals } from "../state/sentTotals";
import { takenPaths } from "../state/takenPaths";
import { topmost, type TreeView } from "../state/treeView";
import { countOf, examplesOf, sizeOf } from "../state/words";
import { escapePath } from "../state/escapePath";
import { keepOut } from "./keepOut";

const largeFileBytes = 100 * 1000 * 1000;

/** Rule for files that tools leave in a folder, and for very large files. */
export const clutterSent: Rule = {
  code: "clutter-sent",
  severity: "warning",
  explanation:
    "These files are read, sent to the daemon and copied into the image, and every change to them invalidates " +
    "the build cache, but the image does not need them: version history, installed packages, caches, large data.",
  docsUrl: docs.files,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const { tree } = view;
    const isTaken = takenPaths(state.subject, tree);
    const isMeant = meantPaths(state, evaluation);
    const found = await clutterIn(view, evaluation, (id) => isTaken(id) && !isMeant(id));
    const total =
      found.length > 0
        ? await view.run(() => sentTotals(evaluation, (id) => !isWanted(state.lineAt(evaluation.decidedBy(id)))))
        : undefined;
    for (const [name, ids] of groupBy(found, (id) => tree.nameOf(id))) {
      const sent = ids.map((id) => total?.(id) ?? { files: 0, bytes: 0 });
      const files = sent.reduce((sum, each) => sum + each.files, 0);
      const isTold = state.lines.some(({ line, pattern }) => pattern.text === name && state.explained.has(line));
      if (files === 0 || isTold) continue;
      const bytes = sent.reduce((sum, each) => sum + each.bytes, 0);
      const paths = ids.slice(0, 3).map((id) => tree.pathOf(id));
      const what = clutterOf(name, tree.isDirectory(ids[0] ?? tree.root))?.what ?? "";
      yield {
        range: state.blame(evaluation, ids),
        message:
          `"${name}" (${what}) is sent: ${countOf(files, "file")}, ${sizeOf(bytes)}, in ` +
          `${examplesOf(paths, ids.length)}.`,
        fixes: keepOut(state, [[`**/${name}`]], ids),
      };
    }
    const large = await view.filter(
      (id) =>
        !tree.isDirectory(id) &&
        tree.bytesOf(id) >= largeFileBytes &&
        evaluation.isSent(id) &&
        isTaken(id) &&
        !isMeant(id),
    );
    for (const id of large) {
      const path = tree.pathOf(id);
      yield {
        range: state.blame(evaluation, [id]),
        message: `The large file "${path}" (${sizeOf(tree.bytesOf(id))}) is sent.`,
        fixes: keepOut(state, [[escapePath(path)]], [id]),
      };
    }
  },
};

/** Finds clutter that is not inside other clutter. */
async function clutterIn(view: TreeView, evaluation: Evaluation, isTaken: (id: PathId) => boolean): Promise<PathId[]> {
  const { tree } = view;
  const isClutter = memoised((name) => clutterOf(name, false) !== undefined);
  const isClutterFolder = memoised((name) => clutterOf(name, true) !== undefined);
  const found = await view.filter(
    (id) =>
      (tree.isDirectory(id) ? isClutterFolder : isClutter)(tree.nameOf(id)) && evaluation.isSent(id) && isTaken(id),
  );
  return topmost(tree, found);
}

/** Returns a test of whether a path is sent on purpose: named by an exception, or as the source of an instruction. */
function meantPaths(state: LintState, evaluation: Evaluation): (id: PathId) => boolean {
  const sources = state.subject.dockerfiles.flatMap(({ sources }) =>
    sources.filter(({ isWildcard }) => !isWildcard).map(({ path }) => path),
  );
  const copied = new Set(sources);
  return (id) => {
    const path = evaluation.tree.pathOf(id);
    const pattern = state.lineAt(evaluation.decidedBy(id))?.pattern;
    return copied.has(path) || (pattern?.exception === true && pattern.text === escapePath(path));
  };
}

/** Whether an exception names clutter and so includes it on purpose, as `!.git/HEAD` does. */
function isWanted(written: WrittenLine | undefined): boolean {
  return (
    written?.pattern.exception === true &&
    written.pattern.text.split("/").some((name) => clutterOf(name, true) ?? clutterOf(name, false))
  );
}
