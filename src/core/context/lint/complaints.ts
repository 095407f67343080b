import { LintState } from "./state/lintState";
import type { Draft } from "./state/rule";
import { applyEdits, type TextEdit } from "./state/textEdits";
import { rules } from "./rules";

/** Returns whether our own rules find something new in the lines that a change of the ignore file writes. */
export async function isComplainedOf(
  { ignore, subject }: LintState,
  edits: readonly TextEdit[],
  written: readonly string[],
): Promise<boolean> {
  const lines = new Set(written.map((text) => text.trim()));
  const before = new LintState(ignore.text, subject);
  const after = new LintState(applyEdits(ignore.text, edits), { ...subject, isMissing: false });
  const numbers = new Set(after.ignore.lines.filter(({ text }) => lines.has(text)).map(({ line }) => line));
  const known = new Set((await draftsOf(before)).map(({ message }) => message));
  return (await draftsOf(after)).some(
    ({ file, range, message }) => file === undefined && numbers.has(range.line) && !known.has(message),
  );
}

async function draftsOf(state: LintState): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const rule of rules) {
    for await (const draft of rule.find(state)) {
      if (draft.explains !== undefined) state.explained.add(draft.explains);
      drafts.push(draft);
    }
  }
  return drafts;
}
