import type { WrittenLine } from "../state/ignoreText";
import { narrows } from "../state/narrows";
import { docs, type Rule } from "../state/rule";
import { countOf } from "../state/words";

/** Rule for exceptions for paths that are not excluded. */
export const exceptionWithoutEffect: Rule = {
  code: "exception-without-effect",
  severity: "information",
  explanation:
    "An exception re-includes files that lines above it exclude. " +
    "If they exclude none of its files, or if lines below exclude all of them again, the exception has no effect.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const idle = await state.idleLines();
    for (const [index, written] of state.lines.entries()) {
      const { files = 0 } = evaluation.lines[index] ?? {};
      if (!written.pattern.exception || files === 0 || !idle.has(written) || state.explained.has(written.line))
        continue;
      // `*`, `!src`, `src/*`, `!src/app` includes a folder to exclude most of it again, as Git requires.
      const isOpened = ({ line, pattern }: WrittenLine): boolean =>
        line > written.line && !pattern.exception && narrows(written.pattern.text, pattern.text);
      if (state.lines.some(isOpened)) continue;
      const [first = view.tree.root] = await view.matched(written.pattern.text);
      const other = await state.deciderWithout(written, first, view);
      // Re-including a folder doesn't re-include what a line above excludes in it.
      const below = state.lines
        .slice(0, index)
        .find(
          ({ pattern }, at) =>
            !pattern.exception && evaluation.lines[at]?.files && narrows(written.pattern.text, pattern.text),
        );
      const which = `the ${countOf(files, "file")} that it matches`;
      const reason = other
        ? `line ${other.line} ("${other.text}") applies to ${which}`
        : below
          ? `line ${below.line} ("${below.text}") still applies to the paths that it matches`
          : `no line excludes any of ${which}`;
      yield {
        range: written.range,
        severity: other ? "hint" : undefined,
        message: `"${written.text}" has no effect here: ${reason}.`,
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};
