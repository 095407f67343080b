import ignore, { type Ignore } from "ignore";

const longestLine = 4096;
/** Maximum number of `**` in a line. */
const mostDeep = 2;

/** Splits a file with Git's ignore patterns into lines, without a byte order mark and carriage returns. */
export function gitLines(text: string): string[] {
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
}

/**
 * Reads Git's ignore patterns; the `mark` of each is its line, counted from 1. A line that could take very long on a
 * deep path counts for nothing, so that less is proposed.
 */
export function gitPatterns(lines: readonly string[]): Ignore {
  const marked = lines.flatMap((pattern, at) => (isTooComplex(pattern) ? [] : [{ pattern, mark: String(at + 1) }]));
  return ignore({ ignorecase: false }).add(marked);
}

function isTooComplex(line: string): boolean {
  return line.length > longestLine || line.split("**").length > mostDeep + 1;
}
