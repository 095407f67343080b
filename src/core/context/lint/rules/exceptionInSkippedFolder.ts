import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import { lineFor } from "../state/lineFor";
import { docs, type Rule } from "../state/rule";
import { amountOf, examplesOf } from "../state/words";

/** Rule for exceptions for paths in a folder that the builder skips. */
export const exceptionInSkippedFolder: Rule = {
  code: "exception-in-skipped-folder",
  severity: "warning",
  explanation:
    "Builders skip an excluded folder unless an exception begins with the folder's path, and do not compare the " +
    "contents of a skipped folder with any line. " +
    "BuildKit looks into all folders if an exception has a wildcard other than a trailing /** or /*, so an " +
    "unrelated line can change the effect of this one; the classic builder never does.",
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
      const lostPaths = ids.map((id) => tree.pathOf(id));
      const isLost = new Set(lostPaths);
      const promise = {
        starts: (path: string) => isLost.has(path),
        undoes: state.plainLinesOn(lostPaths),
        names: [...isLost],
      };
      const skippedFolders = evaluation.skipped
        .map((id) => tree.pathOf(id))
        .filter((path) => lostPaths.some((each) => each.startsWith(`${path}/`)));
      yield {
        range: written.range,
        message:
          `"${written.text}" does not re-include ${amountOf({ files, folders, bytes })} that it matches: ` +
          `${examplesOf(examples, files)}. Builders skip the folder "${folder}".`,
        related: decider ? [state.related(decider, "The line that excludes the folder")] : [],
        fixes: candidatesFor(written.text, skippedFolders, lostPaths)
          .filter((lines) => lines.join() !== written.text)
          .map((lines) => state.replacement(written, lines, promise)),
        explains: written.line,
      };
    }
  },
};

/** Maximum number of lines that are added for one exception. */
const mostLines = 5;

/** Returns lines that make the builder look into the folders; those that affect the least come first. */
function candidatesFor(text: string, folders: readonly string[], paths: readonly string[]): string[][] {
  const lines = folders.flatMap((folder) => lineFor(folder) ?? []);
  const names = paths.flatMap((path) => lineFor(path) ?? []);
  const inFolders = text.startsWith("!**/") ? [[...lines.map((line) => `!${line}/${text.slice(4)}`), text]] : [];
  const candidates = [
    [text.replace(/\/\*\/\*\*$/, "/**")],
    ...inFolders,
    [...lines.map((line) => `!${line}`), text],
    lines.map((line) => `!${line}`),
    [...names.map((line) => `!${line}`), text],
  ];
  return candidates.filter(({ length }) => length > 0 && length <= mostLines + 1);
}
