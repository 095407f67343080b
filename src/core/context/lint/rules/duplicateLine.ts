import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import type { WrittenLine } from "../ignoreText";
import { docs, type Rule } from "../rule";

/** A line that says no more than an earlier one, whatever the files. */
export const duplicateLine: Rule = {
  code: "duplicate-line",
  severity: "hint",
  explanation:
    "A line is only tried on paths whose verdict it would change. What an earlier line keeps out already, with no exception between " +
    "the two, cannot be changed by this one.",
  docsUrl: docs.syntax,
  *find(state) {
    for (const [index, written] of state.lines.entries()) {
      const earlier = state.lines.slice(0, index);
      const original = earlier.findLast((each) => covers(each.pattern, written.pattern, earlier));
      if (!original || !isUndisturbed(earlier, original, written)) continue;
      const isEqual = original.pattern.text === written.pattern.text;
      yield {
        range: written.range,
        message: `"${written.text}" says again what line ${original.line} says${isEqual ? "" : `: "${original.text}" keeps that out already`}.`,
        related: [state.related(original, "The line that says it first")],
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};

function covers(first: IgnorePattern, second: IgnorePattern, earlier: readonly WrittenLine[]): boolean {
  if (first.exception !== second.exception) return false;
  if (first.text === second.text) return true;
  // Before an exception a line may be skipped where it matches, and then does not hold below.
  if (
    first.exception ||
    earlier.some(({ pattern }) => pattern.exception) ||
    !isLiteral(first.text.replace(/^\*\*\//, "")) ||
    !isLiteral(second.text)
  )
    return false;
  if (second.text.startsWith(`${first.text}/`)) return true;
  const name = first.text.slice(3);
  return first.text.startsWith("**/") && !name.includes("/") && second.text.split("/").includes(name);
}

/** Whether nothing of the other kind stands between the two. */
function isUndisturbed(earlier: readonly WrittenLine[], first: WrittenLine, second: WrittenLine): boolean {
  return !earlier.some(({ line, pattern }) => line > first.line && pattern.exception !== second.pattern.exception);
}

/** Control characters and what is not ASCII change how a list travels to BuildKit, so that such a line counts by itself. */
function isLiteral(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text) && !/[*?[\]\\{}|^]/.test(text);
}
