import type { PathId } from "../../tree/pathTree";
import { lineFor, wildcardLineFor } from "../state/lineFor";
import type { FixPlan, LintState } from "../state/lintState";
import { isAtOrBelow } from "../state/pathPatterns";

/** Maximum number of lines that are added for the files of one finding. */
const mostLines = 5;

/**
 * Plans fixes that add lines at the end so that none of these paths is sent, but everything else still is. The given
 * choices come first, in their order; the last fix names the paths themselves.
 */
export function keepOut(state: LintState, choices: readonly (readonly string[])[], ids: readonly PathId[]): FixPlan[] {
  const { tree } = state.view ?? {};
  if (!tree) return [];
  const paths = new Set(ids.map((id) => tree.pathOf(id)));
  const byPath = [lineFor, wildcardLineFor].map((write) => [...paths].flatMap((path) => write(path) ?? []));
  const lists = [...choices, ...byPath.filter(({ length }) => length === paths.size)];
  const distinct = new Map(lists.filter(({ length }) => length <= mostLines).map((lines) => [lines.join("\n"), lines]));
  return [...distinct.values()].map((append) => ({
    title: `Add ${append.map((line) => `"${line}"`).join(", ")}`,
    append,
    promise: { stops: (path) => isAtOrBelow(path, paths) },
    keeps: async (_, { view }) => {
      const evaluation = await view.evaluate();
      return !ids.some((id) => evaluation.isSent(id));
    },
  }));
}
