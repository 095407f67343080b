import type { FindingCode } from "./finding";
import { applyEdits, type TextEdit } from "./textEdits";

const marker = /^\s*#\s*image-builders-ignore:\s*(.*)$/s;

/** How far from a line comments count, in lines. */
const farthest = 500;

/**
 * The codes that comments keep quiet at a line: `# image-builders-ignore: <code>, <code>` among the comments directly
 * above it, or, for what concerns the whole file, among those it begins with.
 *
 * @param line counted from 1
 */
export function silencedAt(lines: readonly string[], line: number): Set<string> {
  const isComment = (at: number): boolean => /^\s*#/.test(lines[at] ?? "");
  let from = line - 1;
  // A Dockerfile's instruction may go over several lines.
  while (from > 0 && line - from < farthest && (isComment(from - 1) || isContinued(lines[from - 1]))) from--;
  let to = line - 1;
  if (from === 0) while (to < farthest && isComment(to)) to++;
  const codes = lines
    .slice(from, Math.max(to, line - 1))
    .flatMap((text) => marker.exec(text)?.[1]?.split(/[\s,]+/) ?? []);
  return new Set(codes);
}

/** As only a Dockerfile's instructions are. */
function isContinued(line = ""): boolean {
  return /[\\`]\s*$/.test(line);
}

/**
 * The edit that keeps a code quiet at a line: a comment above it, or one more code in the comment that is there.
 *
 * @param line counted from 1
 * @returns nothing if no comment can: another line would have to be taken for one
 */
export function silencingEdit(lines: readonly string[], line: number, code: FindingCode): TextEdit | undefined {
  let above = line;
  while (above > 1 && isContinued(lines[above - 2])) above--;
  const marked = marker.test(lines[above - 2] ?? "") ? (lines[above - 2] ?? "") : undefined;
  const edit =
    marked === undefined
      ? {
          range: { line: above, column: 1, endLine: above, endColumn: 1 },
          newText: `# image-builders-ignore: ${code}\n`,
        }
      : {
          range: { line: above - 1, column: marked.length + 1, endLine: above - 1, endColumn: marked.length + 1 },
          newText: `, ${code}`,
        };
  const after = applyEdits(lines.join("\n"), [edit]).split("\n");
  return silencedAt(after, marked === undefined ? line + 1 : line).has(code) ? edit : undefined;
}
