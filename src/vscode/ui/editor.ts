import * as vscode from "vscode";
import { defuseDetail, defuseLabel } from "../../core/text/defuse";

const diagnosticLimit = 2_000;

/** A problem in a file. */
export function newDiagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  return new vscode.Diagnostic(range, defuseDetail(message, diagnosticLimit), severity);
}

/** Another place that has to do with a problem. */
export function newRelatedInformation(location: vscode.Location, message: string): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(location, defuseDetail(message, diagnosticLimit));
}

/**
 * What is shown beside a place; its Markdown comes from `markdown.ts`, since VS Code takes a mere string for Markdown.
 */
export function newHover(
  contents: vscode.MarkdownString | vscode.MarkdownString[],
  range?: vscode.Range,
): vscode.Hover {
  return new vscode.Hover(contents, range);
}

/** A line above a line of code; VS Code draws icons in it. */
export function newCodeLens(range: vscode.Range, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(range, {
    ...command,
    title: defuseLabel(command.title),
    ...(command.tooltip !== undefined && { tooltip: defuseLabel(command.tooltip) }),
  });
}

/** What is offered for a problem. */
export function newCodeAction(title: string, kind: vscode.CodeActionKind): vscode.CodeAction {
  return new vscode.CodeAction(defuseLabel(title), kind);
}

/** What a suggestion says. */
export interface CompletionTexts {
  readonly label: string;
  /** Shown behind the label. */
  readonly description?: string;
  readonly detail?: string;
  readonly documentation?: string | vscode.MarkdownString;
}

/** A suggestion that inserts exactly the text, however it is shown; VS Code draws icons in its label. */
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

/** How a file of the Explorer is marked. */
export function newFileDecoration(
  badge: string | undefined,
  tooltip: string | undefined,
  color: vscode.ThemeColor | undefined,
): vscode.FileDecoration {
  return new vscode.FileDecoration(badge, tooltip === undefined ? undefined : defuseLabel(tooltip), color);
}
