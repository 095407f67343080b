import * as vscode from "vscode";
import type { TextRange } from "../../core/base/textRange";

/**
 * Converts a range of the core to VS Code's range, which counts from 0.
 *
 * @param hasMark whether the core's text begins with a byte order mark, which the text of a document doesn't contain
 */
export function rangeOf({ line, column, endLine, endColumn }: TextRange, hasMark = false): vscode.Range {
  return new vscode.Range(positionOf(line, column, hasMark), positionOf(endLine, endColumn, hasMark));
}

function positionOf(line: number, column: number, hasMark: boolean): vscode.Position {
  return new vscode.Position(line - 1, Math.max(column - (hasMark && line === 1 ? 2 : 1), 0));
}
