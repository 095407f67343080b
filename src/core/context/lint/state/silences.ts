import type { FindingCode } from "./finding";
import { applyEdits, type TextEdit } from "./textEdits";

const marker = /^\s*#\s*image-builders-ignore:\s*(.*)$/s;

/** Maximum distance of a comment from its line, in lines. */
const farthest = 500;

/**
 * Returns the codes that are silenced at a line, by `# image-builders-ignore: <code>, <code>` in the comments directly
 * above it or, for findings about the whole file, in the comments at its beginning.
 *
 * @param line line number, from 1
 */
export function silencedAt(lines: readonly string[], line: number): Set<string> {
  const isComment = (at: number): boolean => /^\s*#/.test(lines[at] ?? "");
  let from = line - 1;
  // An instruction of a Dockerfile may span several lines.
  while (from > 0 && line - from < farthest && (isComment(from - 1) || isContinued(lines[from - 1]))) from--;
  let to = line - 1;
  if (from === 0) while (to < farthest && isComment(to)) to++;
  const codes = lines
    .slice(from, Math.max(to, line - 1))
    .flatMap((text) => marker.exec(text)?.[1]?.split(/[\s,]+/) ?? []);
  return new Set(codes);
}

/** Whether a line is continued, as only instructions of a Dockerfile are. */
function isContinued(line = ""): boolean {
  return /[\\`]\s*$/.test(line);
}

/**
 * Returns the edit that silences a code at a line: a new comment above it, or an additional code in the existing
 * comment.
 *
 * @param line line number, from 1
 * @returns undefined if a comment there would not silence the code
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
