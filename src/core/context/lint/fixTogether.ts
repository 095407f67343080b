import { effectOf, unknownEffect } from "./state/effect";
import type { Finding, FixEffect } from "./state/finding";
import { applyEdits, type TextEdit } from "./state/textEdits";
import { lint, lintStateOf, type LintInput } from "./lint";

/** Change that fixes several findings of an ignore file. */
export interface FixesTogether {
  /** One edit of the ignore file, from the first line that changes to the last. */
  readonly edits: readonly TextEdit[];
  readonly effect: FixEffect;
  /** Number of findings that are fixed, and of those that remain. */
  readonly fixed: number;
  readonly rest: number;
}

/** Maximum number of findings that are fixed at once, because the file is checked again after each. */
const mostFixes = 50;

/**
 * Applies the best fix of each finding, one after the other. Each is tried on the text that the previous ones leave and
 * only if it is offered there: it does what it promises, and no COPY or ADD loses a source.
 *
 * @param source as for `lint`
 * @param isMeant whether a finding is to be fixed
 * @returns undefined if there are too many findings, or if fewer than two are fixed
 * @throws the signal's reason when it is aborted
 */
export async function fixTogether(
  source: string | Buffer | undefined,
  input: LintInput,
  isMeant: (finding: Finding) => boolean,
): Promise<FixesTogether | undefined> {
  const meantIn = async (text: typeof source): Promise<Finding[]> => (await lint(text, input)).filter(isMeant);
  const first = await meantIn(source);
  if (first.length < 2 || first.length > mostFixes) return undefined;
  const { text } = lintStateOf(source, input).ignore;
  let now = text;
  let left = first;
  const steps = first.length;
  for (let step = 0; step < steps; step++) {
    const edits = await firstOffered(left, input.signal);
    if (!edits) break;
    now = applyEdits(now, edits);
    left = await meantIn(now);
  }
  const fixed = first.length - left.length;
  if (fixed < 2) return undefined;
  return { edits: changedLines(text, now), effect: await effectBetween(source, now, input), fixed, rest: left.length };
}

/** Returns the edits of the first fix that is offered, and after which no new file would be sent. */
async function firstOffered(
  findings: readonly Finding[],
  signal: AbortSignal | undefined,
): Promise<readonly TextEdit[] | undefined> {
  for (const { fixes } of findings)
    for (const { edits, effect } of fixes) {
      const found = await effect(signal);
      if (found && !found.later?.starts.length) return edits;
    }
  return undefined;
}

async function effectBetween(source: string | Buffer | undefined, text: string, input: LintInput): Promise<FixEffect> {
  const [before, after] = [lintStateOf(source, input).view, lintStateOf(text, input).view];
  return before && after ? effectOf(after.tree, await before.difference(after)) : unknownEffect;
}

/** Returns the edit that replaces what differs between two texts, in whole lines. */
function changedLines(before: string, after: string): TextEdit[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  let same = 0;
  while (same < shorter - start && old[old.length - 1 - same] === now[now.length - 1 - same]) same++;
  if (start === old.length && start === now.length) return [];
  // Without an unchanged line below, the edit ends at the end of the text, and begins at the end of the line above.
  const isAtEnd = same === 0;
  const line = isAtEnd && start > 0 ? start : start + 1;
  const column = isAtEnd && start > 0 ? (old[start - 1]?.length ?? 0) + 1 : 1;
  const end = isAtEnd
    ? { endLine: old.length, endColumn: (old[old.length - 1]?.length ?? 0) + 1 }
    : { endLine: old.length - same + 1, endColumn: 1 };
  const lines = now.slice(start, now.length - same);
  const newText = isAtEnd ? (start > 0 ? ["", ...lines] : lines).join("\n") : lines.map((each) => `${each}\n`).join("");
  return [{ range: { line, column, ...end }, newText }];
}
