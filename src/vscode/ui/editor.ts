import * as vscode from "vscode";
import { defuseDetail, defuseLabel } from "../../core/text/defuse";

const diagnosticLimit = 2_000;

/** Creates a diagnostic. */
export function newDiagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  return new vscode.Diagnostic(range, defuseDetail(message, diagnosticLimit), severity);
}

/** Creates a related location of a diagnostic. */
export function newRelatedInformation(location: vscode.Location, message: string): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(location, defuseDetail(message, diagnosticLimit));
}

/**
 * Creates a hover. Its Markdown must come from `markdown.ts`, because VS Code also interprets plain strings as
 * Markdown.
 */
export function newHover(
  contents: vscode.MarkdownString | vscode.MarkdownString[],
  range?: vscode.Range,
): vscode.Hover {
  return new vscode.Hover(contents, range);
}

/** Creates a code lens without icons: VS Code would draw those in its text. */
export function newCodeLens(range: vscode.Range, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(range, {
    ...command,
    title: defuseLabel(command.title),
    ...(command.tooltip !== undefined && { tooltip: defuseLabel(command.tooltip) }),
  });
}

/** Creates a code action. */
export function newCodeAction(title: string, kind: vscode.CodeActionKind): vscode.CodeAction {
  return new vscode.CodeAction(defuseLabel(title), kind);
}

/** Texts of a completion item. */
export interface CompletionTexts {
  readonly label: string;
  /** Shown after the label. */
  readonly description?: string;
  readonly detail?: string;
  readonly documentation?: string | vscode.MarkdownString;
}

/**
 * Creates a completion item that inserts exactly `insertText`, even if the label is shown differently. VS Code would
 * draw icons in the label.
 */
export function newCompletionItem(
  { label, description, detail, documentation }: CompletionTexts,
  kind: vscode.CompletionItemKind,
  insertText: string,
): vscode.CompletionItem {
  const shown = defuseLabel(label);
  const item = new vscode.CompletionItem(
    description === undefined ? shown : { label: shown, description: defuseLabel(description) },
    kind,
  );
  item.insertText = insertText;
  item.filterText = insertText;
  if (detail !== undefined) item.detail = defuseLabel(detail);
  if (documentation !== undefined)
    item.documentation = typeof documentation === "string" ? defuseDetail(documentation) : documentation;
  return item;
}

/** Creates the decoration of a file in the Explorer. */
export function newFileDecoration(
  badge: string | undefined,
  tooltip: string | undefined,
  color: vscode.ThemeColor | undefined,
): vscode.FileDecoration {
  return new vscode.FileDecoration(badge, tooltip === undefined ? undefined : defuseLabel(tooltip), color);
}
