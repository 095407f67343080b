import type * as vscode from "vscode";
import type { WrittenLine } from "../../../core/context/lint/state/ignoreText";
import type { LintState } from "../../../core/context/lint/state/lintState";
import type { IgnoreModel } from "../model/ignoreModel";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { isOnFileSystem } from "../../platform/fileKinds";

/**
 * Evaluates a function on the ignore file of a document and the files of its folder. Returns undefined for other
 * documents and after cancellation.
 */
export async function withState<T>(
  { ignoreModels }: WithIgnoreModels,
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
  ask: (state: LintState, model: IgnoreModel) => Promise<T | undefined>,
): Promise<T | undefined> {
  const held = isOnFileSystem(document.uri) ? await ignoreModels.ofFile(document.uri) : undefined;
  if (!held) return undefined;
  try {
    const state = await held.model.state();
    return token.isCancellationRequested ? undefined : await ask(state, held.model);
  } finally {
    held.dispose();
  }
}

/**
 * Returns the line of the document that is still the given line of the ignore file; undefined if it was edited or
 * moved.
 */
export function lineIn(document: vscode.TextDocument, { line, text }: WrittenLine): vscode.TextLine | undefined {
  if (line > document.lineCount) return undefined;
  const current = document.lineAt(line - 1);
  return current.text.includes(text) ? current : undefined;
}
