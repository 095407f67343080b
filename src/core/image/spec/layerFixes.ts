import type { SpecFix } from "./specProblem";
import { nodeAt, type SpecNode } from "./specNode";

/** Returns a fix that adds a layer before another one; none where the file has no list of layers of its own. */
export function layerBefore(root: SpecNode, index: number, title: string, layer: readonly [string, string]): SpecFix[] {
  const list = nodeAt(root, ["layers"]);
  const item = list?.items[index];
  if (!list || !item) return [];
  const [key, value] = layer;
  const { line, column } = item.range;
  const newText = list.isFlow
    ? `{ ${JSON.stringify(key)}: ${JSON.stringify(value)} }, `
    : `${key}: ${value}\n${" ".repeat(list.range.column - 1)}- `;
  return [{ title, edits: [{ range: { line, column, endLine: line, endColumn: column }, newText }] }];
}
