import type { WrittenLine } from "../state/ignoreText";
import type { FixPlan, LintState } from "../state/lintState";
import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";
import { countOf } from "../state/words";
import { expandBars } from "./expandBars";
import { expandBraces } from "./expandBraces";

/** Syntax that has a different meaning in a shell or in .gitignore. */
interface Misreading {
  readonly finds: RegExp;
  /** Returns the rest of a sentence that begins with the text found; empty if the pattern is not misread. */
  readonly means: (pattern: string) => string;
  /** Returns the lines that were probably meant. */
  readonly fix: (text: string) => string[];
}

const misreadings: readonly Misreading[] = [
  {
    finds: /(?<!\\)\{(?=[^{},]*,)(?=[\d,]*[^{},\d])[^{}]*\}/,
    means: () => "does not match alternatives: builders do not support braces and match them literally",
    fix: expandBraces,
  },
  {
    finds: /(?<!\\)\{\d+(,\d*)?\}/,
    means: (pattern) => (hasWildcard(pattern) ? "repeats the character before it" : ""),
    fix: (text) => [text.replace(/(?<!\\)[{}]/g, "\\$&")],
  },
  {
    finds: /(?<!\\)\|/,
    means: (pattern) =>
      hasWildcard(pattern)
        ? "separates two regular expressions: " +
          "the first must match only at the beginning of a path, and the last only at its end"
        : "does not separate two patterns: it is matched literally",
    fix: (text) => expandBars(text),
  },
  {
    finds: /(?<!\\)\[!/,
    means: () => "does not negate: it matches an exclamation mark or one of the characters after it",
    fix: (text) => [text.replace(/(?<!\\)\[!/g, "[^")],
  },
  {
    finds: /(?<!\\)\[[*?]+\]/,
    means: () => "does not match the literal character: the wildcard is also translated inside brackets",
    fix: (text) => [text.replace(/(?<!\\)\[([*?]+)\]/g, (_, inner: string) => inner.replace(/./g, "\\$&"))],
  },
  {
    finds: /(?<=[^[\\])\^/,
    means: (pattern) => (hasWildcard(pattern) ? "matches the beginning of the path, so the pattern never matches" : ""),
    fix: (text) => [text.replace(/(?<=[^[\\])\^/g, "\\^")],
  },
];

/** Rule for wildcards of other pattern languages. */
export const wildcardMisread: Rule = {
  code: "wildcard-misread",
  severity: "warning",
  explanation:
    "Patterns follow Go's filepath.Match, with ** added: " +
    "* and ? do not match slashes, [^x] negates, and braces are not alternatives. " +
    "A pattern with a wildcard becomes a regular expression in which {, }, | and ^ are not escaped.",
  docsUrl: docs.syntax,
  async *find(state) {
    const reports = (await state.view?.evaluate())?.lines;
    for (const [index, written] of state.lines.entries()) {
      const { text } = written.pattern;
      const misreading = misreadings.find(({ finds, means }) => finds.test(text) && means(text) !== "");
      const part = misreading?.finds.exec(text)?.[0];
      if (!misreading || part === undefined) continue;
      const files = reports?.[index]?.files ?? 0;
      if (files > 0 && !hasWildcard(text)) continue;
      const matches = reports ? `; the line matches ${files > 0 ? countOf(files, "file") : "nothing"} here` : "";
      yield {
        range: state.ignore.rangeOfPart(written.line, part),
        message: `"${part}" ${misreading.means(text)}${matches}.`,
        fixes: fixesFor(state, written, misreading),
        explains: files > 0 ? undefined : written.line,
      };
    }
  },
};

function fixesFor(state: LintState, written: WrittenLine, { fix }: Misreading): FixPlan[] {
  const exception = written.text.startsWith("!") ? "!" : "";
  const lines = [...new Set(fix(written.text.slice(exception.length)))].map((line) => exception + line);
  return lines.length > 0 && lines.length <= 50 ? [state.replacement(written, lines, asWritten)] : [];
}

function hasWildcard(pattern: string): boolean {
  return /[*?[\]\\]/.test(pattern);
}
