import { compilePattern } from "../../dockerignore/compilePattern";
import { GoRegexpError } from "../../dockerignore/goRegexp";
import { parsePattern } from "../../dockerignore/parseIgnoreFile";
import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";
import { escapedTexts } from "./escapedTexts";

/** Rule for patterns that pass the builder's check but fail when they are first tried on a path. */
export const invalidRegexp: Rule = {
  code: "invalid-regexp",
  severity: "warning",
  explanation:
    "Builders convert a pattern with wildcards to a regular expression the first time they need it. " +
    "If the expression is not valid, the build stops with a syntax error. This depends on which files exist: " +
    "the same file may work today and fail tomorrow.",
  docsUrl: docs.syntax,
  async *find(state) {
    const patterns = state.ignore.lines.map(({ pattern }) => pattern);
    const evaluation = state.uncompiled.length > 0 ? await state.view?.with(patterns).evaluate() : undefined;
    for (const written of state.uncompiled) {
      const { failure, tree } = evaluation ?? {};
      const failsAt = failure && patterns[failure.index] === written.pattern ? tree?.pathOf(failure.path) : undefined;
      const separated = written.text.replace(/\\(?=[0-9A-Za-z])/g, "/");
      const escaped = escapedTexts(written.text).find(compiles);
      yield {
        range: written.range,
        severity: failsAt === undefined ? undefined : "error",
        message:
          failsAt === undefined
            ? `"${written.text}" is not a valid regular expression. ` +
              "A build fails as soon as a path is compared with it."
            : `"${written.text}" is not a valid regular expression. ` +
              `Every build of this folder fails when "${failsAt}" is compared with it.`,
        fixes: [
          ...(separated !== written.text && compiles(separated)
            ? [state.replacement(written, [separated], asWritten)]
            : []),
          ...(escaped === undefined ? [] : [state.replacement(written, [escaped], asWritten)]),
          state.deletion(written),
        ],
      };
    }
  },
};

function compiles(text: string): boolean {
  const pattern = parsePattern(text);
  if (!pattern || "reason" in pattern) return false;
  try {
    compilePattern(pattern.text);
    return true;
  } catch (error) {
    if (error instanceof GoRegexpError) return false;
    throw error;
  }
}
