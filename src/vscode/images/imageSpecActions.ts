import * as vscode from "vscode";
import { newCodeAction } from "../ui/editor";
import { rangeOf } from "../platform/ranges";
import type { ImageSpecDiagnostics } from "./imageSpecDiagnostics";
import { isSpecModule } from "./specs/specFiles";

/**
 * Provides quick fixes for problems in spec files, whose edits leave the rest of the file unchanged, and the command
 * that pins the base image.
 */
export class ImageSpecActions implements vscode.CodeActionProvider {
  constructor(private readonly diagnostics: ImageSpecDiagnostics) {}

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    return [...this.#fixes(document, range), ...(await pinning(document, range))];
  }

  #fixes({ uri }: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
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

/** Pins the base image, in the line that names it. */
async function pinning(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  if (!vscode.workspace.isTrusted || isSpecModule(document.uri)) return [];
  const [{ readSpecTree }, { rangeOfBase }] = await Promise.all([
    import("../../core/image/spec/specTree"),
    import("../../core/image/spec/pinBase"),
  ]);
  const base = rangeOfBase(readSpecTree(document.getText(), document.uri.path.endsWith(".json")).root);
  if (!base || !rangeOf(base).intersection(range)) return [];
  const title = vscode.l10n.t("Pin or Update Base Image");
  const action = newCodeAction(title, vscode.CodeActionKind.RefactorRewrite);
  action.command = { command: "imageBuilders.pinBaseImage", title, arguments: [document.uri] };
  return [action];
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
