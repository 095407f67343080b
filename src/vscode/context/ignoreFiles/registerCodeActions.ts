import * as vscode from "vscode";
import { dockerfileSelector, ignoreFileSelector } from "../../platform/fileKinds";
import { lazily } from "../../ui/lazily";
import type { FindingDiagnostics } from "./diagnostics";

/** Registers quick fixes for findings. */
export function registerCodeActions(diagnostics: FindingDiagnostics): vscode.Disposable {
  const actions = lazily(async () => new (await import("./codeActions")).FindingActions(diagnostics));
  return vscode.languages.registerCodeActionsProvider(
    [...ignoreFileSelector, ...dockerfileSelector],
    { provideCodeActions: async (...asked) => (await actions()).provideCodeActions(...asked) },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
