import type { PathId } from "../../tree/pathTree";
import { effectOf } from "../state/effect";
import { type FixPlan, type LintState, onlyStarts } from "../state/lintState";
import type { WrittenLine } from "../state/ignoreText";
import { narrows } from "../state/narrows";
import { isAtOrBelow, matcherOf } from "../state/pathPatterns";
import { docs, type Rule } from "../state/rule";
import type { TreeView } from "../state/treeView";
import { amountOf, examplesOf } from "../state/words";

/** Rule for exceptions that precede the line they were meant to override. */
export const exceptionTooEarly: Rule = {
  code: "exception-too-early",
  severity: "warning",
  explanation:
    "Lines are applied from top to bottom, and an exception only re-includes files that lines above it exclude. " +
    "A later line may exclude the same files again.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const idle = await state.idleLines();
    for (const written of state.unexplained) {
      if (!written.pattern.exception || !idle.has(written)) continue;
      const matched = await view.matched(written.pattern.text);
      const decider = lastThatExcludes(written, matched, state, view);
      if (!decider) continue;
      const rest = view.patterns.filter((each) => each !== written.pattern);
      const moved = view.with(rest.toSpliced(rest.indexOf(decider.pattern) + 1, 0, written.pattern));
      const effect = effectOf(view.tree, await view.difference(moved));
      if (!onlyStarts(effect)) continue;
      const { files, folders, bytes, examples } = effect.startsSending;
      yield {
        range: written.range,
        message:
          `"${written.text}" comes too early: line ${decider.line} ("${decider.text}") excludes ` +
          `${amountOf({ files, folders, bytes })} again: ${examplesOf(examples, files + folders)}.`,
        related: [state.related(decider, "The line that excludes it again")],
        fixes: [move(written, decider, matched, state, view), state.deletion(written)],
        explains: written.line,
      };
    }
  },
};

/**
 * Returns the last line below an exception that excludes matches of it again and is not about the contents of what it
 * names.
 */
function lastThatExcludes(
  written: WrittenLine,
  matched: readonly PathId[],
  state: LintState,
  view: TreeView,
): WrittenLine | undefined {
  const paths = matched.slice(0, mostTriedPaths).map((id) => view.tree.pathOf(id));
  return state.lines.findLast(
    ({ line, pattern }) =>
      line > written.line &&
      !pattern.exception &&
      !narrows(written.pattern.text, pattern.text) &&
      paths.some(matcherOf([pattern.text])),
  );
}

const mostTriedPaths = 200;

function move(
  written: WrittenLine,
  decider: WrittenLine,
  matched: readonly PathId[],
  state: LintState,
  view: TreeView,
): FixPlan {
  const paths = matched.map((id) => view.tree.pathOf(id));
  const isAmong = new Set(paths);
  const promise = { starts: (path: string) => isAtOrBelow(path, isAmong), undoes: state.plainLinesOn(paths) };
  const leave = { line: written.line, lines: [] };
  if (decider.line === state.ignore.lastLine)
    return { title: `Move "${written.text}" to the end`, changes: [leave], append: [written.text], promise };
  const below = { line: decider.line, lines: [state.ignore.raw(decider.line), written.text] };
  return { title: `Move "${written.text}" below line ${decider.line}`, changes: [leave, below], promise };
}
