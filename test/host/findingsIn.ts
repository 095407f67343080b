import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { until } from "../support/until";

/** Shows a file in an editor, behind or before the others. */
export async function show(uri: vscode.Uri | string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(typeof uri === "string" ? vscode.Uri.file(uri) : uri);
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Closes every editor, without a question to save. */
export async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor?.document.isDirty)
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** What is found in a file; marks of failed builds have no page to read more on. */
export function findingsIn(uri: vscode.Uri | string, code?: string): vscode.Diagnostic[] {
  const all = vscode.languages.getDiagnostics(typeof uri === "string" ? vscode.Uri.file(uri) : uri);
  return all.filter(
    (each) =>
      each.source === "Image Builders" && (code === undefined ? codeOf(each) !== undefined : codeOf(each) === code),
  );
}

/** The codes of what is found in a file, sorted. */
export function codesIn(uri: vscode.Uri | string): (string | undefined)[] {
  return findingsIn(uri).map(codeOf).sort();
}

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  return typeof code === "object" ? String(code.value) : undefined;
}

/** Waits for the only finding of a code in a file. */
export async function findingIn(uri: vscode.Uri | string, code: string): Promise<vscode.Diagnostic> {
  await until(() => findingsIn(uri, code).length > 0, `a finding ${code} in ${String(uri)}`);
  const [found, ...more] = findingsIn(uri, code);
  assert.ok(found && more.length === 0, `${code} is found more than once`);
  return found;
}

/** What is offered at a place, as a click on the light bulb shows it. */
export function actionsAt(uri: vscode.Uri, { range }: vscode.Diagnostic): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, range);
}

/** What a hover shows at a place. */
export async function hoverAt(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, position);
  return hovers
    .flatMap(({ contents }) => contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : "")))
    .join("\n");
}

/** Writes over a range, or all of a document. */
export async function write(document: vscode.TextDocument, text: string, range?: vscode.Range): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range ?? new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** A file below a folder. */
export function fileIn(root: string, path: string): vscode.Uri {
  return vscode.Uri.file(join(root, path));
}
