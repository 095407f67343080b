import type { PathId } from "../../evaluation/pathTree";
import type { Fix } from "../finding";
import { onlyStops, type LintState } from "../lintState";

/** A fix that adds lines at the end, after which none of these paths is sent and nothing else begins to be. */
export function keepOut(state: LintState, lines: readonly string[], ids: readonly PathId[]): Fix {
  return state.fix({
    title: `Add ${lines.map((line) => `"${line}"`).join(", ")}`,
    append: lines,
    keeps: async (effect, { view }) => {
      const evaluation = await view.evaluate();
      return onlyStops(effect) && !ids.some((id) => evaluation.isSent(id));
    },
  });
}
