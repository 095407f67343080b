import { LintState } from "../state/lintState";
import { applyEdits, type TextEdit } from "../state/textEdits";

/** Returns whether our own rules find something new in the lines that a change of the ignore file writes. */
export async function isComplainedOf(
  { ignore, subject }: LintState,
  edits: readonly TextEdit[],
  written: readonly string[],
): Promise<boolean> {
  const { findAll } = subject;
  if (!findAll) return false;
  const lines = new Set(written.map((text) => text.trim()));
  const before = new LintState(ignore.text, subject);
  const after = new LintState(applyEdits(ignore.text, edits), { ...subject, isMissing: false });
  const numbers = new Set(after.ignore.lines.filter(({ text }) => lines.has(text)).map(({ line }) => line));
  const known = new Set((await findAll(before)).map(({ message }) => message));
  return (await findAll(after)).some(
    ({ file, range, message }) => file === undefined && numbers.has(range.line) && !known.has(message),
  );
}
