import type { Finding, FixEffect, SentChange } from "../state/finding";
import { applyEdits, type TextEdit } from "../state/textEdits";
import { amountOf, examplesOf } from "../state/words";

/** Fix to offer, whose title includes its complete effect. */
export interface OfferedFix {
  /** The change, and its effect on what is sent. */
  readonly title: string;
  /** Path of the changed file relative to the context's root, with slashes; the file is created if it is missing. */
  readonly file: string;
  /** Whole text of the file after the fix. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly effect: FixEffect;
}

/**
 * Returns the fixes of a finding that do exactly what they promise, best first.
 *
 * @param text text of the ignore file; empty if there is none
 * @throws the signal's reason when it is aborted
 */
export async function offeredFixes(
  { fixes, file }: Finding,
  text: string,
  signal?: AbortSignal,
): Promise<OfferedFix[]> {
  const offered: OfferedFix[] = [];
  for (const { title, edits, effect } of fixes) {
    const found = await effect(signal);
    if (!found) continue;
    const words = effectWords(found);
    const whole = words === "" ? title : `${title}: ${words}`;
    offered.push({ title: whole, file: edits[0]?.file ?? file, text: applyEdits(text, edits), edits, effect: found });
  }
  return offered;
}

/**
 * Describes the effect of a change on what is sent, as a sentence without its period; empty if the effect is unknown.
 */
export function effectWords({ isKnown, stopsSending, startsSending, later }: FixEffect): string {
  const [stops, starts] = [toldOf("stops", stopsSending), toldOf("starts", startsSending)];
  const now = isKnown ? [stops, starts].filter(Boolean).join("; ") || "the same files are sent" : "";
  const [stopped = "", started = ""] = [later?.stops[0], later?.starts[0]];
  const soon = [
    started && `a new file such as "${started}" would be sent`,
    stopped && `a new file such as "${stopped}" would not be sent`,
  ];
  return [now, ...soon].filter(Boolean).join("; ");
}

function toldOf(verb: "stops" | "starts", change: SentChange): string {
  const { files, folders, examples } = change;
  return files + folders === 0 ? "" : `${verb} sending ${amountOf(change)} (${examplesOf(examples, files + folders)})`;
}
