import * as vscode from "vscode";
import type { Finding } from "../../../core/context/lint/state/finding";
import type { IgnoreModel, Linted } from "../model/ignoreModel";
import { diagnosticOf } from "./diagnosticOf";

/** Finding with its diagnostic. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly model: IgnoreModel;
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
  /** Whether the text that was linted begins with a byte order mark. */
  readonly hasMark: boolean;
}

/**
 * Findings that are shown. Several models can have findings in one file, such as the model of a Dockerfile and that of
 * its folder.
 */
export class PublishedFindings implements vscode.Disposable {
  readonly #byModel = new Map<IgnoreModel, readonly ShownFinding[]>();
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders-findings");

  /**
   * Replaces the findings of a model.
   *
   * @param isShown whether a finding is shown, by the file that it is in
   */
  show(
    model: IgnoreModel,
    { findings, hasMark }: Linted,
    isShown: (finding: Finding, uri: vscode.Uri) => boolean,
  ): void {
    const shown = findings.flatMap((finding) => {
      const uri = vscode.Uri.joinPath(model.folder.uri, finding.file);
      return isShown(finding, uri)
        ? [{ finding, model, uri, diagnostic: diagnosticOf(finding, model, hasMark), hasMark }]
        : [];
    });
    this.#replace(model, shown);
  }

  hide(model: IgnoreModel): void {
    this.#replace(model, []);
    this.#byModel.delete(model);
  }

  /** Returns the findings in a file. */
  in(uri: vscode.Uri): ShownFinding[] {
    const key = uri.toString();
    return [...this.#byModel.values()].flat().filter((each) => each.uri.toString() === key);
  }

  dispose(): void {
    this.#collection.dispose();
  }

  #replace(model: IgnoreModel, shown: readonly ShownFinding[]): void {
    const touched = new Map([...(this.#byModel.get(model) ?? []), ...shown].map(({ uri }) => [uri.toString(), uri]));
    this.#byModel.set(model, shown);
    this.#collection.set([...touched.values()].map((uri) => [uri, distinct(this.in(uri))]));
  }
}

/** Removes duplicates, which several models can report. */
function distinct(shown: readonly ShownFinding[]): vscode.Diagnostic[] {
  const keyOf = ({ finding: { code, message, range } }: ShownFinding): string => JSON.stringify([code, message, range]);
  return [...new Map(shown.map((each) => [keyOf(each), each.diagnostic])).values()];
}
