import { posix } from "node:path";
import * as vscode from "vscode";
import type { FixEffect } from "../../../core/context/lint/state/finding";
import { effectText } from "../model/effectText";
import type { ShownFinding } from "./publishedFindings";

/** Number of paths that a title names. */
const mostPaths = 2;

/**
 * Returns the title of a fix: the change, its effect, and the file that it is about. That is the file that is no longer
 * sent, or that is sent, otherwise the ignore file.
 */
export function fixTitle(
  change: string,
  effect: FixEffect,
  { uri, model }: Pick<ShownFinding, "uri" | "model">,
): string {
  const told = effectText(effect);
  const paths = pathsOf(effect);
  const isElsewhere = uri.toString() !== model.uri.toString();
  const about =
    paths === undefined
      ? posix.basename(model.file)
      : isElsewhere
        ? vscode.l10n.t("{0}, in {1}", paths, posix.basename(model.file))
        : paths;
  return `${told === undefined ? change : `${change}: ${told}`} — ${about}`;
}

/** Names the files that a change affects; undefined if the same files are sent. */
function pathsOf({ stopsSending, startsSending }: FixEffect): string | undefined {
  const { examples, files, folders } = stopsSending.examples.length > 0 ? stopsSending : startsSending;
  if (examples.length === 0) return undefined;
  const named = examples.slice(0, mostPaths);
  const rest = files + folders - named.length;
  const names = named.join(", ");
  return rest > 0 ? vscode.l10n.t("{0} and {1} more", names, rest.toLocaleString()) : names;
}
