import { docs, type Rule } from "../state/rule";

/** Rule for patterns that refer to the root or to something outside it. */
export const neverMatches: Rule = {
  code: "never-matches",
  severity: "warning",
  explanation:
    "Patterns are compared with paths inside the build context. " +
    "The root itself and paths beside or above it are not among them, so a pattern that is empty, a dot, or " +
    "begins with a double dot never matches.",
  docsUrl: docs.matching,
  *find(state) {
    for (const written of state.lines) {
      const { text } = written.pattern;
      if (!["", ".", "/", ".."].includes(text) && !text.startsWith("../")) continue;
      const what = text.startsWith("..")
        ? "a path outside the build context"
        : "the build context itself, and only its contents can be excluded";
      yield {
        range: written.range,
        message: `"${written.text}" never matches: it refers to ${what}.`,
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};
