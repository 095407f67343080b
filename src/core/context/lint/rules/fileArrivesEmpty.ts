import type { PathId } from "../../tree/pathTree";
import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import type { WrittenLine } from "../state/ignoreText";
import type { FixPlan, LintState } from "../state/lintState";
import { sameIsSent } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";
import { countOf, examplesOf } from "../state/words";

/** Rule for files that BuildKit lists but doesn't open. */
export const fileArrivesEmpty: Rule = {
  code: "file-arrives-empty",
  severity: "warning",
  explanation:
    "BuildKit lists a build context by one rule and opens its files by another. " +
    "While listing, it skips a line that would not change the result for a folder, even for the folder's " +
    "contents; when it opens a file, the last line that matches it or a parent folder applies. " +
    "If the two disagree, `docker build` puts the file into the image with 0 bytes and reports no error. " +
    "Image Builders sends the complete file.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    const emptied = (await view?.evaluate())?.emptied ?? [];
    if (!view || emptied.length === 0) return;
    const [evaluation, lastMatch] = [await view.evaluate(), await view.evaluate({ rule: "lastMatch" })];
    const groups = groupBy(emptied, (id) => `${evaluation.decidedBy(id) ?? ""} ${lastMatch.decidedBy(id) ?? ""}`);
    for (const ids of groups.values()) {
      const [first] = ids;
      if (first === undefined) continue;
      const listing = state.lineAt(evaluation.decidedBy(first));
      const opening = state.lineAt(lastMatch.decidedBy(first));
      const { files, examples } = summaryOf(view.tree, ids);
      const them = files === 1 ? "it" : "them";
      const listed = listing ? `Line ${listing.line} ("${listing.text}") includes ${them}` : `No line excludes ${them}`;
      yield {
        range: listing?.range ?? state.top,
        message:
          `\`docker build\` sends ${countOf(files, "file")} empty: ${examplesOf(examples, files)}. ` +
          `${listed}, and line ${opening?.line ?? 0} ("${opening?.text ?? ""}") ` +
          `prevents BuildKit from opening ${them}.`,
        related: opening ? [state.related(opening, "The line that prevents BuildKit from opening the file")] : [],
        fixes: listing && opening ? fixesFor(state, listing, opening, ids) : [],
      };
    }
  },
};

/** Plans to move the exception below the last line that matches a folder above the file. */
function fixesFor(state: LintState, listing: WrittenLine, opening: WrittenLine, emptied: readonly PathId[]): FixPlan[] {
  const keeps: FixPlan["keeps"] = async (_, { view }) => {
    const still = new Set((await view.evaluate()).emptied);
    return !emptied.some((id) => still.has(id));
  };
  const leave = { line: listing.line, lines: [] };
  const promise = sameIsSent;
  const toEnd = {
    title: `Move "${listing.text}" to the end`,
    changes: [leave],
    append: [listing.text],
    promise,
    keeps,
  };
  if (opening.line === state.ignore.lastLine) return [toEnd];
  const below = { line: opening.line, lines: [state.ignore.raw(opening.line), listing.text] };
  return [
    { title: `Move "${listing.text}" below line ${opening.line}`, changes: [leave, below], promise, keeps },
    toEnd,
  ];
}
