import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import { onlyStarts } from "../state/lintState";
import { docs, type Rule } from "../state/rule";
import { amountOf, examplesOf } from "../state/words";

/** An exception for something in a folder that the builder never looks into. */
export const exceptionInSkippedFolder: Rule = {
  code: "exception-in-skipped-folder",
  severity: "warning",
  explanation:
    "A builder skips an excluded folder unless an exception begins with that folder's path; what is in a skipped folder is not " +
    "compared with any line. BuildKit looks everywhere once an exception keeps a wildcard after a final /** or /* is cut off, so that " +
    "an unrelated line can change what this one does; the classic builder never does.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view || !state.lines.some(({ pattern }) => pattern.exception)) return;
    const [evaluation, everywhere] = [await view.evaluate(), await view.evaluate({ prune: false })];
    const { tree } = view;
    const lost = await view.filter((id) => everywhere.isSent(id) && !evaluation.isSent(id) && !tree.isDirectory(id));
    for (const [line, ids] of groupBy(lost, (id) => String(everywhere.decidedBy(id)))) {
      const written = state.lineAt(Number(line));
      const [first] = ids;
      if (!written || first === undefined) continue;
      const skipped = evaluation.skipped.find((folder) => tree.pathOf(first).startsWith(`${tree.pathOf(folder)}/`));
      const folder = skipped === undefined ? "" : tree.pathOf(skipped);
      const decider = skipped === undefined ? undefined : state.lineAt(evaluation.decidedBy(skipped));
      const { files, examples, folders, bytes } = summaryOf(tree, ids);
      const candidates = [...new Set([written.text.replace(/\/\*\/\*\*$/, "/**"), `!${folder}\n${written.text}`, `!${folder}`])];
      yield {
        range: written.range,
        message:
          `"${written.text}" does not bring back ${amountOf({ files, folders, bytes })} that it matches: ${examplesOf(examples, files)}. ` +
          `The folder "${folder}" is skipped without a look inside.`,
        related: decider ? [state.related(decider, "The line that excludes the folder")] : [],
        fixes: candidates
          .filter((candidate) => candidate !== written.text)
          .map((candidate) => state.replacement(written, candidate.split("\n"), onlyStarts)),
        explains: written.line,
      };
    }
  },
};
