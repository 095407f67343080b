import { Evaluator } from "../../../../src/core/context/evaluation/evaluator";
import { lintStateOf } from "../../../../src/core/context/lint/lint";
import type { LintState } from "../../../../src/core/context/lint/state/lintState";
import { ContextOverview } from "../../../../src/core/context/overview/contextOverview";
import { treeOf, type Setting } from "../lint/support";

/** An ignore file on a tree. */
export function stateOf({ text, files = [], dockerfiles = {}, ...input }: Setting): LintState {
  const given = Object.entries(dockerfiles).map(([file, content]) => ({ file, text: content }));
  return lintStateOf(text, {
    builder: "buildkit",
    ...input,
    evaluator: new Evaluator(treeOf(files)),
    dockerfiles: given,
  });
}

/** What an ignore file lets in of a tree. */
export function overviewOf(setting: Setting, filter?: string): Promise<ContextOverview> {
  return ContextOverview.of(stateOf(setting), filter);
}

/** The names in a directory, as the overview has them; what is not sent has a minus before it. */
export async function namesIn(overview: ContextOverview, path: string, withExcluded = false): Promise<string[]> {
  const id = overview.tree.find(path) ?? overview.tree.root;
  const ids = await overview.children(id, withExcluded);
  return ids.map((each) => (overview.rowOf(each).isSent ? "" : "-") + overview.tree.nameOf(each));
}
