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

/**
 * Marks the lines at which a build failed or warned, until the file is edited or built again, and the findings of
 * BuildKit's checks while the file is edited. What both report is shown once.
 */
export class BuildDiagnostics implements vscode.Disposable {
  /** Marked files, by the path of the Dockerfile that was built. A marked file may also be an ignore file. */
  readonly #marked = new Map<string, readonly vscode.Uri[]>();
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders");
  /** Diagnostics of builds and of checks, by URI. */
  readonly #built = new Map<string, readonly vscode.Diagnostic[]>();
  readonly #checked = new Map<string, readonly vscode.Diagnostic[]>();
  readonly #edits = vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
    if (contentChanges.length === 0 || !this.#built.delete(uri.toString())) return;
    // VS Code moves the marks with the text, so findings of the earlier text would be shown at wrong lines.
    this.#checked.delete(uri.toString());
    this.#show(uri);
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
      this.#built.set(
        document.uri.toString(),
        ofFile.map((problem) => diagnosticOf(document, problem)),
      );
      this.#show(document.uri);
    }
  }

  clear(dockerfile: string): void {
    for (const uri of this.#marked.get(dockerfile) ?? []) if (this.#built.delete(uri.toString())) this.#show(uri);
    this.#marked.delete(dockerfile);
  }

  /** Replaces the findings of the checks of a document; none removes them. */
  showChecks(document: vscode.TextDocument, problems: readonly BuildProblem[]): void {
    const key = document.uri.toString();
    const had = this.#checked.delete(key);
    if (!had && problems.length === 0) return;
    if (problems.length > 0)
      this.#checked.set(
        key,
        problems.slice(0, mostProblems).map((problem) => diagnosticOf(document, problem)),
      );
    this.#show(document.uri);
  }

  dispose(): void {
    this.#edits.dispose();
    this.#collection.dispose();
  }

  #show(uri: vscode.Uri): void {
    const built = this.#built.get(uri.toString()) ?? [];
    const checked = this.#checked.get(uri.toString()) ?? [];
    const onlyChecked = checked.filter((each) => !built.some((other) => isSameProblem(each, other)));
    this.#collection.set(uri, [...built, ...onlyChecked]);
  }
}

/** Whether two diagnostics are the same check on the same line, or both are errors there. */
function isSameProblem(one: vscode.Diagnostic, other: vscode.Diagnostic): boolean {
  if (one.range.start.line !== other.range.start.line || one.severity !== other.severity) return false;
  return one.severity === vscode.DiagnosticSeverity.Error || nameOf(one) === nameOf(other);
}

function nameOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === "object" ? code.value : code;
}

function diagnosticOf(
  document: vscode.TextDocument,
  { message, location, severity, code, url }: BuildProblem,
): vscode.Diagnostic {
  const level = severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = newDiagnostic(rangeOf(document, location), message, level);
  diagnostic.source = "Image Builders";
  // Links only to Docker's documentation: the address comes from the daemon, and a click opens it.
  const target = url?.startsWith("https://docs.docker.com/") ? vscode.Uri.parse(url) : undefined;
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
