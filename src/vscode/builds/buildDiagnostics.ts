import * as vscode from "vscode";
import type { ErrorLocation, ImageBuilderError } from "../../core/base/errors";
import { newDiagnostic } from "../ui/editor";

/** Marks the line at which a build failed, until the file is edited or built again. */
export class BuildDiagnostics implements vscode.Disposable {
  /** The marked file by the Dockerfile that was built: an ignore file may be what is wrong. */
  readonly #marked = new Map<string, vscode.Uri>();
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders");
  readonly #edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.#collection.delete(document.uri);
  });

  async mark(dockerfile: string, error: ImageBuilderError): Promise<void> {
    if (!error.location) return;
    const uri = vscode.Uri.file(error.location.file);
    const document = await vscode.workspace.openTextDocument(uri);
    const diagnostic = newDiagnostic(rangeOf(document, error.location), error.message, vscode.DiagnosticSeverity.Error);
    this.#marked.set(dockerfile, uri);
    diagnostic.source = "Image Builders";
    diagnostic.code = error.code;
    this.#collection.set(uri, [diagnostic]);
  }

  clear(dockerfile: string): void {
    const uri = this.#marked.get(dockerfile);
    if (uri) this.#collection.delete(uri);
    this.#marked.delete(dockerfile);
  }

  dispose(): void {
    this.#edits.dispose();
    this.#collection.dispose();
  }
}

/** Opens the file with the cursor at the place. */
export async function openLocation(location: ErrorLocation): Promise<void> {
  const position = new vscode.Position(location.line - 1, (location.column ?? 1) - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(location.file), { selection: new vscode.Range(position, position) });
}

/** From the first character that is no white space to the end of the last line, as far as the file still has them. */
function rangeOf(document: vscode.TextDocument, { line, endLine = line, column }: ErrorLocation): vscode.Range {
  const first = document.lineAt(Math.min(line, document.lineCount) - 1);
  const last = document.lineAt(Math.min(endLine, document.lineCount) - 1);
  return new vscode.Range(first.range.start.with({ character: column ? column - 1 : first.firstNonWhitespaceCharacterIndex }), last.range.end);
}

/** Holds the extension's `BuildDiagnostics`. */
export interface WithDiagnostics {
  readonly diagnostics: BuildDiagnostics;
}
