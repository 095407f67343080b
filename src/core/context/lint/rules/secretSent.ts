import type { PathId } from "../../evaluation/pathTree";
import { summaryOf } from "../effect";
import { secretKindOf } from "../names";
import { docs, type Rule } from "../rule";
import { keepOut } from "./keepOut";
import { takenPaths } from "../takenPaths";
import { countOf, examplesOf } from "../words";

/** Files that usually hold passwords and keys and go into the image. */
export const secretSent: Rule = {
  code: "secret-sent",
  severity: "warning",
  explanation:
    "Whoever gets the image can read every file in it, and a file that a later step deletes stays in the layers below. That these are sent is certain; that they are secret is told from their names. " +
    "Builds that need a secret get it by `RUN --mount=type=secret`.",
  docsUrl: docs.secrets,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const { tree } = view;
    const isTaken = takenPaths(state.subject, tree);
    const groups = new Map<string, { readonly what: string; readonly ids: PathId[] }>();
    await view.filter((id) => {
      if (tree.isDirectory(id) || !evaluation.isSent(id)) return false;
      const kind = secretKindOf(tree.pathOf(id));
      if (!kind || !isTaken(id)) return false;
      const group = groups.get(kind.pattern) ?? { what: kind.what, ids: [] };
      groups.set(kind.pattern, group);
      group.ids.push(id);
      return true;
    });
    for (const [pattern, { what, ids }] of groups) {
      const { files, examples } = summaryOf(tree, ids);
      const isOne = files === 1;
      const names = [...new Set(ids.map((id) => `**/${tree.nameOf(id)}`))];
      yield {
        range: state.blame(evaluation, ids),
        message: `${countOf(files, "file")} that usually ${isOne ? "holds" : "hold"} ${what} ${isOne ? "is" : "are"} sent: ${examplesOf(examples, files)}.`,
        fixes: [names, [pattern]].filter((lines) => lines.length <= 5).map((lines) => keepOut(state, lines, ids)),
      };
    }
  },
};
