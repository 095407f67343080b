import * as vscode from "vscode";
import type { ErrorLocation } from "../../core/base/errors";
import { newDiagnostic } from "../ui/editor";

/** What a build says of a place in a file: that it failed there, or a warning. */
export interface BuildProblem {
  readonly message: string;
  readonly location: ErrorLocation;
  readonly severity: "error" | "warning";
  /** Of our error, or of the builder's check. */
  readonly code?: string;
  /** Where the check is explained, as the builder says. */
  readonly url?: string;
}

/** How many problems of one build are shown; a Dockerfile has some dozens at most. */
export const mostProblems = 200;

/** Marks the lines at which a build failed or warned, until the file is edited or built again. */
export class BuildDiagnostics implements vscode.Disposable {
  /** The marked files by the Dockerfile that was built: an ignore file may be what is wrong. */
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
  // The address comes from a daemon, and a click opens it.
  const target = url !== undefined && /^https:\/\//.test(url) ? vscode.Uri.parse(url) : undefined;
  if (code !== undefined) diagnostic.code = target ? { value: code, target } : code;
  return diagnostic;
}

/** Opens the file with the cursor at the place. */
export async function openLocation(location: ErrorLocation): Promise<void> {
  const position = new vscode.Position(location.line - 1, (location.column ?? 1) - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(location.file), {
    selection: new vscode.Range(position, position),
  });
}

/** From the first character that is no white space to the end of the last line, as far as the file still has them. */
function rangeOf(document: vscode.TextDocument, { line, endLine = line, column }: ErrorLocation): vscode.Range {
  const first = document.lineAt(Math.min(line, document.lineCount) - 1);
  const last = document.lineAt(Math.min(endLine, document.lineCount) - 1);
  return new vscode.Range(
    first.range.start.with({ character: column ? column - 1 : first.firstNonWhitespaceCharacterIndex }),
    last.range.end,
  );
}

/** Holds the extension's `BuildDiagnostics`. */
export interface WithDiagnostics {
  readonly diagnostics: BuildDiagnostics;
}
