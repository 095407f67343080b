import type { PathId, PathTree } from "../../evaluation/pathTree";
import { onlyStops } from "../lintState";
import { clutterOf, secretKindOf } from "../names";
import { docs, type Draft, type Rule } from "../rule";
import { countOf, examplesOf, sizeOf } from "../words";
import type { Evaluation } from "../../evaluation/evaluation";

/** A name without a slash, which .gitignore would look for everywhere and a builder only at the root. */
export const matchesOnlyAtRoot: Rule = {
  code: "matches-only-at-root",
  severity: "warning",
  explanation:
    "In .gitignore a name without a slash is looked for in every folder. Builders compare a pattern with the whole path from the context's root, so that such a name only means what lies directly there. " +
    "A leading **/ makes it count in every folder.",
  docsUrl: docs.matching,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    for (const written of state.unexplained) {
      const { text, exception } = written.pattern;
      if (exception || text.includes("/") || text.includes("**") || /^\*+$/.test(text) || written.text.startsWith("/")) continue;
      const { tree } = view;
      const still = (await view.matched(`**/${text}`)).filter(
        (id) => tree.parentOf(id) !== tree.root && evaluation.isSent(id) && holdsSomethingSent(id, evaluation),
      );
      const [first] = still;
      if (first === undefined) continue;
      const severity = severityOf(text, first, (await view.matched(text)).length > 0, view.tree);
      if (!severity) continue;
      yield draftOf(still, severity);

      function draftOf(ids: readonly PathId[], severity: Draft["severity"]): Draft {
        const { tree } = evaluation;
        const bytes = ids.reduce((sum, id) => sum + tree.bytesOf(id), 0);
        const examples = examplesOf(ids.slice(0, 3).map((id) => tree.pathOf(id)), ids.length);
        return {
          range: written.range,
          severity,
          message: `"${text}" is only looked for at the root: ${countOf(ids.length, "path")} of that name further down ${ids.length === 1 ? "is" : "are"} still sent (${sizeOf(bytes)}): ${examples}.`,
          fixes: [state.replacement(written, [`**/${text}`], onlyStops)],
          explains: written.line,
        };
      }
    }

  },
};

/** A plain name that is found at the root may well be meant for the root alone. */
function severityOf(text: string, first: PathId, isAtRoot: boolean, tree: PathTree): Draft["severity"] {
  const path = tree.pathOf(first);
  if (!isAtRoot || clutterOf(tree.nameOf(first), tree.isDirectory(first)) || secretKindOf(path) || /\.(pyc|pyo|log|swp|tmp|class)$/.test(text)) return "warning";
  return /[*?[]/.test(text) ? "information" : undefined;
}

function holdsSomethingSent(id: PathId, evaluation: Evaluation): boolean {
  const { tree } = evaluation;
  if (!tree.isDirectory(id)) return true;
  for (const below of tree.ids(id)) if (!tree.isDirectory(below) && evaluation.isSent(below)) return true;
  return false;
}
