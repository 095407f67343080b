import * as vscode from "vscode";
import { newCodeAction } from "../ui/editor";
import { rangeOf } from "../platform/ranges";
import type { ImageSpecDiagnostics } from "./imageSpecDiagnostics";

/** Provides quick fixes for problems in spec files. Their edits leave the rest of the file unchanged. */
export class ImageSpecActions implements vscode.CodeActionProvider {
  constructor(private readonly diagnostics: ImageSpecDiagnostics) {}

  provideCodeActions({ uri }: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return this.diagnostics
      .problemsIn(uri)
      .filter(({ diagnostic }) => diagnostic.range.intersection(range))
      .flatMap(({ problem, diagnostic }) => [
        ...(problem.outside ? [reviewing(uri, diagnostic)] : []),
        ...problem.fixes.map(({ title, edits }, index) => {
          const action = newCodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          for (const edit of edits) action.edit.replace(uri, rangeOf(edit.range), edit.newText);
          action.diagnostics = [diagnostic];
          action.isPreferred = index === 0;
          return action;
        }),
      ]);
  }
}

/** Asks about the files outside the workspace that a layer uses. */
function reviewing(uri: vscode.Uri, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const title = vscode.l10n.t("Review and Allow...");
  const action = newCodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command: "imageBuilders.confirmSpecSources", title, arguments: [uri] };
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}
