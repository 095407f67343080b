import type { PathId } from "../../tree/pathTree";
import type { Fix } from "../state/finding";
import { onlyStops, type LintState } from "../state/lintState";
import { excludedSources } from "./copySourceExcluded";

/** A fix that adds lines at the end, after which none of these paths is sent, nothing else begins to be, and no COPY misses its source. */
export function keepOut(state: LintState, lines: readonly string[], ids: readonly PathId[]): Fix {
  return state.fix({
    title: `Add ${lines.map((line) => `"${line}"`).join(", ")}`,
    append: lines,
    keeps: async (effect, after) => {
      const evaluation = await after.view.evaluate();
      if (!onlyStops(effect) || ids.some((id) => evaluation.isSent(id))) return false;
      return (await excludedSources(after)) <= (await excludedSources(state));
    },
  });
}
