import type { PathId } from "../../tree/pathTree";
import { summaryOf } from "../state/effect";
import { groupBy } from "../../../base/groupBy";
import { memoised } from "../../../base/memoised";
import { secretKindOf, secretKindsOf } from "../state/names";
import { docs, type Rule } from "../state/rule";
import { keepOut } from "./keepOut";
import { takenPaths } from "../state/takenPaths";
import { countOf, examplesOf } from "../state/words";

/** Rule for files that usually contain passwords or keys and become part of the image. */
export const secretSent: Rule = {
  code: "secret-sent",
  severity: "warning",
  explanation:
    "Anyone with the image can read every file in it, and a file that a later step deletes stays in the layers " +
    "below. These files are sent; that they contain secrets is a guess from their names. " +
    "To use a secret in a build, use `RUN --mount=type=secret`.",
  docsUrl: docs.secrets,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const { tree } = view;
    const isTaken = takenPaths(state.subject, tree);
    const kindsOf = memoised(secretKindsOf);
    const kindOf = (id: PathId) => secretKindOf(tree.pathOf(id), kindsOf(tree.nameOf(id)));
    const found = await view.filter(
      (id) =>
        kindsOf(tree.nameOf(id)).length > 0 &&
        !tree.isDirectory(id) &&
        evaluation.isSent(id) &&
        kindOf(id) !== undefined &&
        isTaken(id),
    );
    for (const [pattern, ids] of groupBy(found, (id) => kindOf(id)?.pattern ?? "")) {
      const what = kindOf(ids[0] ?? tree.root)?.what ?? "";
      const { files, examples } = summaryOf(tree, ids);
      const isOne = files === 1;
      const names = [...new Set(ids.map((id) => `**/${tree.nameOf(id)}`))];
      yield {
        range: state.blame(evaluation, ids),
        message:
          `${countOf(files, "file")} that usually ${isOne ? "contains" : "contain"} ${what} ` +
          `${isOne ? "is" : "are"} sent: ${examplesOf(examples, files)}.`,
        fixes: keepOut(state, [names, [pattern]], ids),
      };
    }
  },
};
