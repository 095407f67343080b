import { onlyStarts } from "../state/lintState";
import { effectOf } from "../state/effect";
import { docs, type Rule } from "../state/rule";
import { amountOf, examplesOf } from "../state/words";

/** An exception before the line that it was meant to take back. */
export const exceptionTooEarly: Rule = {
  code: "exception-too-early",
  severity: "warning",
  explanation:
    "Lines are gone through from top to bottom, and an exception only takes back what lines above it exclude. A later line may " +
    "exclude the same again.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const idle = await state.idleLines();
    for (const written of state.unexplained) {
      const { pattern } = written;
      if (!pattern.exception || !idle.has(written)) continue;
      const rest = view.patterns.filter((each) => each !== pattern);
      const last = rest.findLastIndex(({ line }) => line !== undefined) + 1;
      const difference = await view.difference(view.with(rest.toSpliced(last, 0, pattern)));
      const effect = effectOf(view.tree, difference);
      const [first] = difference.come;
      if (!onlyStarts(effect) || first === undefined) continue;
      const decider = state.lineAt((await view.evaluate()).decidedBy(first));
      const { files, folders, bytes, examples } = effect.startsSending;
      yield {
        range: written.range,
        message:
          `"${written.text}" comes too early: ${decider ? `line ${decider.line} ("${decider.text}")` : "a later line"} excludes ` +
          `${amountOf({ files, folders, bytes })} again: ${examplesOf(examples, files + folders)}.`,
        related: decider ? [state.related(decider, "The line that excludes it again")] : [],
        fixes: [
          state.fix({
            title: `Move "${written.text}" to the end`,
            changes: [{ line: written.line, lines: [] }],
            append: [written.text],
            keeps: onlyStarts,
          }),
          state.deletion(written),
        ],
        explains: written.line,
      };
    }
  },
};
