import type { WrittenLine } from "../state/ignoreText";
import type { FixPlan, LintState } from "../state/lintState";
import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";
import { countOf } from "../state/words";
import { expandBars } from "./expandBars";
import { expandBraces } from "./expandBraces";

/** Something that means one thing in a shell or in .gitignore and another thing here. */
interface Misreading {
  readonly finds: RegExp;
  /** Completes the sentence that begins with the text found. */
  readonly means: (pattern: string) => string;
  /** What was meant, as lines. */
  readonly mend: (text: string) => string[];
}

const misreadings: readonly Misreading[] = [
  {
    finds: /(?<!\\)\{(?=[^{},]*,)(?=[\d,]*[^{},\d])[^{}]*\}/,
    means: () => "does not stand for one of several: builders know no braces, and look for these very characters",
    mend: expandBraces,
  },
  {
    finds: /(?<!\\)\{\d+(,\d*)?\}/,
    means: (pattern) => (hasWildcard(pattern) ? "repeats the character before it" : ""),
    mend: (text) => [text.replace(/(?<!\\)[{}]/g, "\\$&")],
  },
  {
    finds: /(?<!\\)\|/,
    means: (pattern) =>
      hasWildcard(pattern)
        ? "parts two regular expressions, of which the first only has to match at the beginning of a path and the last only at its end"
        : "does not part two patterns, but is looked for as a character",
    mend: (text) => expandBars(text),
  },
  {
    finds: /(?<!\\)\[!/,
    means: () => "does not negate: it stands for an exclamation mark or one of the characters after it",
    mend: (text) => [text.replace(/(?<!\\)\[!/g, "[^")],
  },
  {
    finds: /(?<!\\)\[[*?]+\]/,
    means: () => "does not stand for the character itself: the wildcard is translated inside the brackets too",
    mend: (text) => [text.replace(/(?<!\\)\[([*?]+)\]/g, (_, inner: string) => inner.replace(/./g, "\\$&"))],
  },
  {
    finds: /(?<=[^[\\])\^/,
    means: (pattern) => (hasWildcard(pattern) ? "stands for the beginning of the path, so that nothing can match" : ""),
    mend: (text) => [text.replace(/(?<=[^[\\])\^/g, "\\^")],
  },
];

/** Wildcards of other languages. */
export const wildcardMisread: Rule = {
  code: "wildcard-misread",
  severity: "warning",
  explanation:
    "Patterns follow Go's filepath.Match, with ** added: * and ? stop at slashes, [^x] negates, and there are no alternatives in " +
    "braces. With a wildcard in it a pattern becomes a regular expression into which {, }, | and ^ go unescaped.",
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
      yield {
        range: state.ignore.rangeOfPart(written.line, part),
        message: `"${part}" ${misreading.means(text)}${reports ? `; the line matches ${files > 0 ? countOf(files, "file") : "nothing"} here` : ""}.`,
        fixes: mended(state, written, misreading),
        explains: files > 0 ? undefined : written.line,
      };
    }
  },
};

function mended(state: LintState, written: WrittenLine, { mend }: Misreading): FixPlan[] {
  const exception = written.text.startsWith("!") ? "!" : "";
  const lines = [...new Set(mend(written.text.slice(exception.length)))].map((line) => exception + line);
  return lines.length > 0 && lines.length <= 50 ? [state.replacement(written, lines, asWritten)] : [];
}

function hasWildcard(pattern: string): boolean {
  return /[*?[\]\\]/.test(pattern);
}
