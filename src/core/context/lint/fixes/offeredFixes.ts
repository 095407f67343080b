import type { Finding, FixEffect, SentChange } from "../state/finding";
import { applyEdits, type TextEdit } from "../state/textEdits";
import { amountOf, examplesOf } from "../state/words";

/** A fix that is offered, with all that it does in its title. */
export interface OfferedFix {
  /** The change, and what is sent because of it. */
  readonly title: string;
  /** The file that changes, slash-separated, relative to the context's root; it is made if it is missing. */
  readonly file: string;
  /** All of the file after the fix. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly effect: FixEffect;
}

/**
 * The fixes of a finding that do what they say and nothing else, the best first.
 *
 * @param text what the ignore file holds; empty if there is none
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

/** What a change does to what is sent, in a sentence without its end; empty if that is not known. */
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
