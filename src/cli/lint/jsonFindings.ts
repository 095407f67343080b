import type { TextRange } from "../../core/base/textRange";
import type { FileFinding } from "./lintFiles";

/** Formats findings as JSON, with zero-based positions as in editors and language servers. */
export function jsonFindings(findings: readonly FileFinding[]): string {
  const shown = findings.map(({ file, path, code, severity, message, range, fixes }) => ({
    file,
    code,
    severity,
    message,
    range: positionsOf(range),
    // A fix may be in another file: a finding in a COPY is fixed in the ignore file.
    fixes: fixes.map((fix) => ({ title: fix.title, text: fix.text, ...(fix.path !== path && { file: fix.file }) })),
  }));
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

function positionsOf({ line, column, endLine, endColumn }: TextRange) {
  return { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } };
}
