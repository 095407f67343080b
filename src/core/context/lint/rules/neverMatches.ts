import { docs, type Rule } from "../state/rule";

/** A pattern that stands for the root or for something outside of it. */
export const neverMatches: Rule = {
  code: "never-matches",
  severity: "warning",
  explanation:
    "Patterns are compared with paths below the context's root. The root itself and what lies beside or above it have no such path, " +
    "so a pattern that comes down to nothing, to a dot or to a leading double dot matches nothing in any folder.",
  docsUrl: docs.matching,
  *find(state) {
    for (const written of state.lines) {
      const { text } = written.pattern;
      if (!["", ".", "/", ".."].includes(text) && !text.startsWith("../")) continue;
      const what = text.startsWith("..")
        ? "something outside of the build context"
        : "the context itself, and only what is in it can be kept out";
      yield {
        range: written.range,
        message: `"${written.text}" never matches anything: it stands for ${what}.`,
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};
