import type { TextRange } from "../../../base/textRange";
import type { Fix } from "../state/finding";
import { applyEdits } from "../state/textEdits";

const mark = "\ufeff";

/**
 * Returns the whole text of a file after a fix. A byte order mark stays in place, as in an editor, although the columns
 * of a finding count it.
 *
 * @param text the file's text with its byte order mark; empty if there is no such file
 */
export function fixedText({ edits }: Pick<Fix, "edits">, text: string): string {
  if (!text.startsWith(mark)) return applyEdits(text, edits);
  const unmarked = edits.map((edit) => ({ ...edit, range: withoutMark(edit.range) }));
  return mark + applyEdits(text.slice(mark.length), unmarked);
}

/** Converts a range to the same text without its byte order mark. */
export function withoutMark(range: TextRange): TextRange {
  const column = (line: number, counted: number): number => (line === 1 ? Math.max(counted - 1, 1) : counted);
  return { ...range, column: column(range.line, range.column), endColumn: column(range.endLine, range.endColumn) };
}
