import { summaryOf } from "../effect";
import { onlyStarts } from "../lintState";
import { docs, type Rule } from "../rule";
import { amountOf, examplesOf } from "../words";

/** An exception for a folder, in which earlier lines still keep files out. */
export const exceptionLeavesContentOut: Rule = {
  code: "exception-leaves-content-out",
  severity: "information",
  explanation:
    "Docker's documentation says that the last line that matches decides. Builders do not try an exception on a folder that is not excluded, and then it does not hold for what is in the folder either: " +
    "files there that another line excludes by themselves stay out.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view || !state.lines.some(({ pattern }) => pattern.exception)) return;
    const [evaluation, lastMatch] = [await view.evaluate(), await view.evaluate({ rule: "lastMatch" })];
    const { tree } = view;
    for (const [index, written] of state.unexplained.entries()) {
      if (!written.pattern.exception) continue;
      const at = state.lines.indexOf(written, index);
      const isLeftOut = (id: number): boolean =>
        !tree.isDirectory(id) && evaluation.isExcluded(id) && evaluation.decidedAt(id) === id && !lastMatch.isExcluded(id) && lastMatch.decidedBy(id) === at;
      const lost = (await view.filter(isLeftOut)).filter((id) => (evaluation.decidedBy(id) ?? at) < at);
      const [first] = lost;
      if (first === undefined) continue;
      const decider = state.lineAt(evaluation.decidedBy(first));
      const { files, examples, folders, bytes } = summaryOf(tree, lost);
      yield {
        range: written.range,
        message: `"${written.text}" does not bring back everything below: ${amountOf({ files, folders, bytes })} stay out by line ${decider?.line ?? 0} ("${decider?.text ?? ""}"): ${examplesOf(examples, files)}.`,
        related: decider ? [state.related(decider, "The line that keeps them out")] : [],
        fixes: [state.replacement(written, [`${written.text.replace(/\/+$/, "")}/**`], onlyStarts)],
        explains: written.line,
      };
    }
  },
};
