import * as vscode from "vscode";
import type { Finding } from "../../../core/context/lint/state/finding";
import type { IgnoreModel, Linted } from "../model/ignoreModel";
import { diagnosticOf } from "./diagnosticOf";

/** A finding where it is shown. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly model: IgnoreModel;
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
  /** As of the text that it was found in. */
  readonly hasMark: boolean;
}

/** The findings that are shown: several models may speak of one file, as a Dockerfile's and that of its folder do. */
export class PublishedFindings implements vscode.Disposable {
  readonly #byModel = new Map<IgnoreModel, readonly ShownFinding[]>();
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders-findings");

  /** @param isShown whether a finding is shown, given the file it stands in */
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

  /** The findings in a file. */
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

/** What two models say alike is shown once. */
function distinct(shown: readonly ShownFinding[]): vscode.Diagnostic[] {
  const keyOf = ({ finding: { code, message, range } }: ShownFinding): string => JSON.stringify([code, message, range]);
  return [...new Map(shown.map((each) => [keyOf(each), each.diagnostic])).values()];
}
