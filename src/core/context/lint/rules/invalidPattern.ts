import { asWritten } from "../state/fixPromise";
import { parsePattern } from "../../dockerignore/parseIgnoreFile";
import { docs, type Rule } from "../state/rule";
import { escapedTexts } from "./escapedTexts";

/** Rule for patterns that a builder rejects before it looks at any path. */
export const invalidPattern: Rule = {
  code: "invalid-pattern",
  severity: "error",
  explanation:
    "Builders check every pattern before they send anything, and reject the whole file if one is malformed: " +
    "a bracket that is not closed, a backslash at the end, an exclamation mark without a path. " +
    "Docker does not report the line.",
  docsUrl: docs.syntax,
  *find(state) {
    for (const { line, column, reason, remedy } of state.ignore.problems) {
      const isPattern = reason.startsWith("syntax error") || reason.startsWith("illegal exclusion");
      if (!isPattern || line === undefined) continue;
      const range = state.ignore.rangeOf(line);
      const written = state.ignore.raw(line).slice(range.column - 1, range.endColumn - 1);
      const escaped = escapedTexts(written).find((text) => isUsable(text));
      const fault = reason.startsWith("illegal")
        ? "the path after the exclamation mark is missing"
        : "the pattern is malformed";
      yield {
        range: column === undefined ? range : { ...range, column: Math.min(column, range.endColumn - 1) },
        message: `Every build with this file fails at "${written}": ${fault}. ${remedy}`,
        fixes: [
          ...(escaped === undefined ? [] : [state.replacement({ line }, [escaped], asWritten)]),
          state.deletion({ line }),
        ],
      };
    }
  },
};

function isUsable(text: string): boolean {
  const pattern = parsePattern(text);
  return pattern !== undefined && !("reason" in pattern);
}
