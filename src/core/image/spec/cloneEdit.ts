import type { TextRange } from "../../base/textRange";
import type { TextEdit } from "../../context/lint/state/textEdits";
import { nodeAt, type SpecNode } from "./specNode";

/**
 * Returns the edit that adds entries to the file's `clone`: before its first entry, or as a new `clone` before a key.
 *
 * @param before range of that key
 * @param entries whose values need no quotes in YAML
 */
export function cloneEdit(
  root: SpecNode,
  before: TextRange,
  entries: readonly (readonly [key: string, value: string])[],
  isJson: boolean,
): TextEdit {
  const clone = nodeAt(root, ["clone"]);
  const [first] = clone?.entries.values() ?? [];
  const { line, column } = first?.keyRange ?? before;
  const isInline = isJson || (first === undefined ? root.isFlow : clone?.range.column !== column);
  const written = entries.map(([key, value]) => (isJson ? `"${key}": ${JSON.stringify(value)}` : `${key}: ${value}`));
  if (clone && !first) return { range: clone.range, newText: `{ ${written.join(", ")} }` };
  const isNew = first === undefined;
  const indent = " ".repeat(isNew ? column + 1 : column - 1);
  const inline = isNew ? `${isJson ? '"clone"' : "clone"}: { ${written.join(", ")} }` : written.join(", ");
  const block = `${isNew ? `clone:\n${indent}` : ""}${written.join(`\n${indent}`)}`;
  return {
    range: { line, column, endLine: line, endColumn: column },
    newText: isInline ? `${inline}, ` : `${block}\n${" ".repeat(column - 1)}`,
  };
}
