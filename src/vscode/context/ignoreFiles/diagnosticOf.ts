import * as vscode from "vscode";
import type { Finding, FindingCode, Severity } from "../../../core/context/lint/state/finding";
import type { TextRange } from "../../../core/base/textRange";
import type { IgnoreModel } from "../model/ignoreModel";
import { openDocument } from "../../platform/openDocument";
import { newDiagnostic, newRelatedInformation } from "../../ui/editor";
import { rangeOf } from "../../platform/ranges";

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Findings about lines that can be removed. */
const unnecessary = new Set<FindingCode>(["duplicate-line", "redundant-line"]);

/** Converts a finding to a diagnostic. Its message says what happens; the explanation is shown in the hover. */
export function diagnosticOf(finding: Finding, model: IgnoreModel, hasMark: boolean): vscode.Diagnostic {
  const place = (file: string, range: TextRange): vscode.Location =>
    new vscode.Location(vscode.Uri.joinPath(model.folder.uri, file), rangeOf(range, hasMark && file === model.file));
  const { uri, range } = place(finding.file, finding.range);
  const document = openDocument(uri);
  const diagnostic = newDiagnostic(
    document?.validateRange(range) ?? range,
    finding.message,
    severities[finding.severity],
  );
  diagnostic.source = "Image Builders";
  diagnostic.code = { value: finding.code, target: vscode.Uri.parse(finding.docsUrl) };
  diagnostic.relatedInformation = finding.related.map((related) =>
    newRelatedInformation(place(related.file, related.range), related.message),
  );
  if (unnecessary.has(finding.code)) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
