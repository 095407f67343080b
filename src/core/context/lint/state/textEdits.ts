import type { TextRange } from "../../../base/textRange";
import type { IgnoreText } from "./ignoreText";

/** Text that replaces a range. */
export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/** Lines that replace a line; empty to delete it. */
export interface LineChange {
  readonly line: number;
  readonly lines: readonly string[];
}

/**
 * Returns the edits that change whole lines of an ignore file; `appended` lines follow the last line that is not empty.
 */
export function lineEdits(
  ignore: IgnoreText,
  changes: readonly LineChange[],
  appended: readonly string[] = [],
): TextEdit[] {
  const edits = changes.map(({ line, lines }) =>
    lines.length > 0 ? replaceLine(ignore, line, lines) : deleteLine(ignore, line),
  );
  if (appended.length === 0) return edits;
  const last = ignore.lastLine;
  const end = { line: Math.max(last, 1), column: (ignore.rawLines[last - 1]?.length ?? 0) + 1 };
  const isLast = last >= ignore.rawLines.length || last === 0;
  const text = appended.join(ignore.lineEnd);
  return [
    ...edits,
    {
      range: { ...end, endLine: end.line, endColumn: end.column },
      newText: (last > 0 ? ignore.lineEnd : "") + text + (isLast ? ignore.lineEnd : ""),
    },
  ];
}

/** Returns the text with all edits applied; they may be in any order and must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = (line: number, column: number): number =>
    Math.min((starts[line - 1] ?? text.length) + column - 1, text.length);
  let result = "";
  let done = 0;
  const inOrder = edits
    .map(({ range, newText }) => ({
      start: offset(range.line, range.column),
      end: offset(range.endLine, range.endColumn),
      newText,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { start, end, newText } of inOrder) {
    result += text.slice(done, start) + newText;
    done = end;
  }
  return result + text.slice(done);
}

function replaceLine(ignore: IgnoreText, line: number, lines: readonly string[]): TextEdit {
  const range = { line, column: 1, endLine: line, endColumn: (ignore.rawLines[line - 1]?.length ?? 0) + 1 };
  return { range, newText: lines.join(ignore.lineEnd) };
}

/** Returns the edit that deletes a line; the last line is deleted together with the line break before it. */
function deleteLine(ignore: IgnoreText, line: number): TextEdit {
  const isLast = line === ignore.rawLines.length && line > 1;
  const range = isLast
    ? {
        line: line - 1,
        column: (ignore.rawLines[line - 2]?.length ?? 0) + 1,
        endLine: line,
        endColumn: (ignore.rawLines[line - 1]?.length ?? 0) + 1,
      }
    : { line, column: 1, endLine: line + 1, endColumn: 1 };
  return { range, newText: "" };
}
