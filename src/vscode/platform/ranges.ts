import * as vscode from "vscode";
import type { TextRange } from "../../core/base/textRange";

/**
 * A place of the core's in VS Code's counting, which begins at 0.
 *
 * @param hasMark whether the text the core was given begins with a byte order mark, which is in no document's text
 */
export function rangeOf({ line, column, endLine, endColumn }: TextRange, hasMark = false): vscode.Range {
  return new vscode.Range(positionOf(line, column, hasMark), positionOf(endLine, endColumn, hasMark));
}

function positionOf(line: number, column: number, hasMark: boolean): vscode.Position {
  return new vscode.Position(line - 1, Math.max(column - (hasMark && line === 1 ? 2 : 1), 0));
}
