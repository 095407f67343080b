import type { PathId, PathTree } from "../../tree/pathTree";
import { onlyStops } from "../state/lintState";
import { isJunk } from "../state/names";
import { isAtOrBelow } from "../state/pathPatterns";
import { docs, type Draft, type Rule } from "../state/rule";
import { countOf, examplesOf, sizeOf } from "../state/words";

/** Rule for names without a slash, which match in every folder in .gitignore but only at the root in a builder. */
export const matchesOnlyAtRoot: Rule = {
  code: "matches-only-at-root",
  severity: "warning",
  explanation:
    "In .gitignore, a name without a slash matches in every folder. " +
    "Builders compare a pattern with the whole path from the root of the build context, so such a name only " +
    "matches there. Begin it with **/ to match in every folder.",
  docsUrl: docs.matching,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const { tree } = view;
    const sent = await view.sent();
    for (const written of state.unexplained) {
      const { text, exception } = written.pattern;
      const isAnchored = text.includes("/") || /^\.?\//.test(written.text);
      if (exception || isAnchored || text.includes("**") || /^\*+$/.test(text)) continue;
      const still = (await view.matched(`**/${text}`)).filter(
        (id) => tree.parentOf(id) !== tree.root && sent(id).files > 0,
      );
      const severity =
        still.length === 0 ? undefined : severityOf(text, still, (await view.matched(text)).length > 0, tree);
      if (!severity) continue;
      const bytes = still.reduce((sum, id) => sum + sent(id).bytes, 0);
      const paths = new Set(still.map((id) => tree.pathOf(id)));
      yield {
        range: written.range,
        severity,
        message:
          `"${text}" only matches at the root: ` +
          `${countOf(still.length, "path")} with that name in subfolders ${still.length === 1 ? "is" : "are"} ` +
          `still sent (${sizeOf(bytes)}): ${examplesOf([...paths].slice(0, 3), still.length)}.`,
        fixes: [state.replacement(written, [`**/${text}`], { stops: (path) => isAtOrBelow(path, paths) }, onlyStops)],
        explains: written.line,
      };
    }
  },
};

/**
 * Returns undefined unless the name is that of files that are unwanted everywhere: a source folder may have the same
 * name as a data folder at the root.
 */
function severityOf(text: string, still: readonly PathId[], isAtRoot: boolean, tree: PathTree): Draft["severity"] {
  if (still.every((id) => isJunk(tree.pathOf(id), tree.isDirectory(id)))) return "warning";
  if (
    !/^\*[.\w-]*\.(md|markdown|rst|adoc)$|^\*[._](test|spec)\.\w+$/i.test(text) ||
    still.some((id) => tree.isDirectory(id))
  )
    return undefined;
  return isAtRoot ? "information" : "warning";
}
