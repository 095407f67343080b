import * as vscode from "vscode";
import type { ErrorLocation } from "../../core/base/errors";
import { newDiagnostic } from "../ui/editor";

/** Error or warning of a build at a place in a file. */
export interface BuildProblem {
  readonly message: string;
  readonly location: ErrorLocation;
  readonly severity: "error" | "warning";
  /** Code of our error, or name of the builder's check. */
  readonly code?: string;
  /** Address of the check's documentation, as reported by the builder. */
  readonly url?: string;
}

/** Maximum number of problems shown per build; a Dockerfile has a few dozen at most. */
export const mostProblems = 200;

/** Marks the lines at which a build failed or warned, until the file is edited or built again. */
export class BuildDiagnostics implements vscode.Disposable {
  /** Marked files, by the path of the Dockerfile that was built. A marked file may also be an ignore file. */
  readonly #marked = new Map<string, readonly vscode.Uri[]>();
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders");
  readonly #edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.#collection.delete(document.uri);
  });

  async mark(dockerfile: string, problems: readonly BuildProblem[]): Promise<void> {
    const shown = problems.slice(0, mostProblems + 1);
    const files = [...new Set(shown.map(({ location }) => location.file))];
    this.#marked.set(
      dockerfile,
      files.map((file) => vscode.Uri.file(file)),
    );
    for (const file of files) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
      const ofFile = shown.filter(({ location }) => location.file === file);
      this.#collection.set(
        document.uri,
        ofFile.map((problem) => diagnosticOf(document, problem)),
      );
    }
  }

  clear(dockerfile: string): void {
    for (const uri of this.#marked.get(dockerfile) ?? []) this.#collection.delete(uri);
    this.#marked.delete(dockerfile);
  }

  dispose(): void {
    this.#edits.dispose();
    this.#collection.dispose();
  }
}

function diagnosticOf(
  document: vscode.TextDocument,
  { message, location, severity, code, url }: BuildProblem,
): vscode.Diagnostic {
  const level = severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = newDiagnostic(rangeOf(document, location), message, level);
  diagnostic.source = "Image Builders";
  // Links only to HTTPS addresses: the address comes from the daemon, and a click opens it.
  const target = url !== undefined && /^https:\/\//.test(url) ? vscode.Uri.parse(url) : undefined;
  if (code !== undefined) diagnostic.code = target ? { value: code, target } : code;
  return diagnostic;
}

/** Opens a file in the editor with the cursor at a location. */
export async function openLocation(location: ErrorLocation, viewColumn?: vscode.ViewColumn): Promise<void> {
  const position = new vscode.Position(location.line - 1, (location.column ?? 1) - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(location.file), {
    selection: new vscode.Range(position, position),
    viewColumn,
  });
}

/**
 * Returns the range from the column, by default the first character that is not white space, to the end of the last
 * line, limited to the lines of the document.
 */
function rangeOf(document: vscode.TextDocument, { line, endLine = line, column }: ErrorLocation): vscode.Range {
  const first = document.lineAt(Math.min(line, document.lineCount) - 1);
  const last = document.lineAt(Math.min(endLine, document.lineCount) - 1);
  return new vscode.Range(
    first.range.start.with({ character: column ? column - 1 : first.firstNonWhitespaceCharacterIndex }),
    last.range.end,
  );
}

/** Gives access to the extension's `BuildDiagnostics`. */
export interface WithDiagnostics {
  readonly diagnostics: BuildDiagnostics;
}
