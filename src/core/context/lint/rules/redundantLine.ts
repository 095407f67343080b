import { laterEffectOf } from "../fixes/laterEffect";
import { isSecretPattern } from "../state/names";
import { docs, type Rule } from "../state/rule";
import { countOf } from "../state/words";

/** Maximum number of lines for which the effect on files that may be added is determined. */
const mostTried = 50;

/** Rule for lines that match something but change nothing. */
export const redundantLine: Rule = {
  code: "redundant-line",
  severity: "hint",
  explanation:
    "Other lines already exclude or re-include the files that this line matches: the same files are sent without it.",
  docsUrl: docs.syntax,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const idle = await state.idleLines();
    let tried = 0;
    for (const [index, written] of state.lines.entries()) {
      if (written.pattern.exception || !idle.has(written) || state.explained.has(written.line)) continue;
      const matched = await view.matched(written.pattern.text);
      const [first] = matched;
      if (first === undefined) continue;
      // After another change, nothing else may exclude the secret.
      if (isSecretPattern(written.pattern.text)) continue;
      // The files that the line is for may not exist yet.
      if (++tried <= mostTried) {
        const later = await laterEffectOf(state.deletion(written), state);
        const isForContent = /\/\*+$/.test(written.pattern.text) && later?.starts.length !== 0;
        if (later === undefined || isForContent) continue;
      }
      const other = await state.deciderWithout(written, first, view);
      const files = evaluation.lines[index]?.files ?? 0;
      const deciders = other ? `line ${other.line} ("${other.text}") applies` : "other lines apply";
      yield {
        range: written.range,
        message: `"${written.text}" has no effect here: ${deciders} to the ${countOf(files, "file")} that it matches.`,
        related: other ? [state.related(other, "The line that applies")] : [],
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};
