import type { PathId, PathTree } from "../../tree/pathTree";
import { onlyStops } from "../state/lintState";
import { clutterOf, secretKindOf } from "../state/names";
import { docs, type Draft, type Rule } from "../state/rule";
import { countOf, examplesOf, sizeOf } from "../state/words";

/** A name without a slash, which .gitignore would look for everywhere and a builder only at the root. */
export const matchesOnlyAtRoot: Rule = {
  code: "matches-only-at-root",
  severity: "warning",
  explanation:
    "In .gitignore a name without a slash is looked for in every folder. Builders compare a pattern with the whole path from the " +
    "context's root, so that such a name only means what lies directly there. A leading **/ makes it count in every folder.",
  docsUrl: docs.matching,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const { tree } = view;
    const sent = await view.sent();
    for (const written of state.unexplained) {
      const { text, exception } = written.pattern;
      if (exception || text.includes("/") || text.includes("**") || /^\*+$/.test(text) || written.text.startsWith("/")) continue;
      const still = (await view.matched(`**/${text}`)).filter((id) => tree.parentOf(id) !== tree.root && sent(id).files > 0);
      const [first] = still;
      const severity = first === undefined ? undefined : severityOf(text, first, (await view.matched(text)).length > 0, tree);
      if (!severity) continue;
      const bytes = still.reduce((sum, id) => sum + sent(id).bytes, 0);
      const examples = examplesOf(
        still.slice(0, 3).map((id) => tree.pathOf(id)),
        still.length,
      );
      yield {
        range: written.range,
        severity,
        message:
          `"${text}" is only looked for at the root: ${countOf(still.length, "path")} of that name further down ` +
          `${still.length === 1 ? "is" : "are"} still sent (${sizeOf(bytes)}): ${examples}.`,
        fixes: [state.replacement(written, [`**/${text}`], onlyStops)],
        explains: written.line,
      };
    }
  },
};

/** A plain name that is found at the root may well be meant for the root alone. */
function severityOf(text: string, first: PathId, isAtRoot: boolean, tree: PathTree): Draft["severity"] {
  const path = tree.pathOf(first);
  if (
    !isAtRoot ||
    clutterOf(tree.nameOf(first), tree.isDirectory(first)) ||
    secretKindOf(path) ||
    /\.(pyc|pyo|log|swp|tmp|class)$/.test(text)
  )
    return "warning";
  return /[*?[]/.test(text) ? "information" : undefined;
}
