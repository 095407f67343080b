import type { PathId } from "../../tree/pathTree";
import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import { docs, type Rule } from "../state/rule";
import { amountOf, examplesOf } from "../state/words";
import { withoutEnd } from "../../../base/trimText";

/** Rule for exceptions for a folder in which earlier lines still exclude files. */
export const exceptionLeavesContentOut: Rule = {
  code: "exception-leaves-content-out",
  severity: "information",
  explanation:
    "According to Docker's documentation, the last matching line decides. " +
    "Builders do not apply an exception to a folder that is not excluded, and then do not apply it to the " +
    "folder's contents either: files there that another line excludes are left out.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view || !state.lines.some(({ pattern }) => pattern.exception)) return;
    const [evaluation, lastMatch] = [await view.evaluate(), await view.evaluate({ rule: "lastMatch" })];
    const { tree } = view;
    const isLeftOut = (id: PathId): boolean => {
      if (
        !evaluation.isExcluded(id) ||
        lastMatch.isExcluded(id) ||
        tree.isDirectory(id) ||
        evaluation.decidedAt(id) !== id
      )
        return false;
      return (evaluation.decidedBy(id) ?? Infinity) < (lastMatch.decidedBy(id) ?? 0);
    };
    for (const [line, ids] of groupBy(await view.filter(isLeftOut), (id) => String(lastMatch.decidedBy(id)))) {
      const written = state.lineAt(Number(line));
      const [first] = ids;
      if (!written || first === undefined || state.explained.has(written.line)) continue;
      const decider = state.lineAt(evaluation.decidedBy(first));
      const { files, examples, folders, bytes } = summaryOf(tree, ids);
      const left = new Set(ids.map((id) => tree.pathOf(id)));
      const undoes = ids.flatMap((id) => state.lineAt(evaluation.decidedBy(id))?.line ?? []);
      yield {
        range: written.range,
        message:
          `"${written.text}" does not re-include everything below it: ` +
          `${amountOf({ files, folders, bytes })} stay excluded by line ${decider?.line ?? 0} ` +
          `("${decider?.text ?? ""}"): ${examplesOf(examples, files)}.`,
        related: decider ? [state.related(decider, "The line that excludes them")] : [],
        fixes: [
          state.replacement(written, [`${withoutEnd(written.text, "/")}/**`], {
            starts: (path) => left.has(path),
            undoes,
          }),
        ],
        explains: written.line,
      };
    }
  },
};
