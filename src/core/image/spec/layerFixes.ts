import { replacing, type SpecFix } from "./specProblem";
import { nodeAt, type SpecNode } from "./specNode";

/** Returns a fix that adds a layer before another one; none where the file has no list of layers of its own. */
export function layerBefore(
  root: SpecNode,
  index: number,
  title: string,
  [key, values]: readonly [key: string, values: readonly string[]],
): SpecFix[] {
  const list = nodeAt(root, ["layers"]);
  const item = list?.items[index];
  if (!list || !item) return [];
  const { line, column } = item.range;
  const [only = ""] = values;
  const isOne = values.length === 1;
  const newText = list.isFlow
    ? `{ ${JSON.stringify(key)}: ${JSON.stringify(isOne ? only : values)} }, `
    : `${key}: ${isOne ? only : `[${values.join(", ")}]`}\n${" ".repeat(list.range.column - 1)}- `;
  return [{ title, edits: [{ range: { line, column, endLine: line, endColumn: column }, newText }] }];
}

/**
 * Returns a fix that adds a key to a layer, which it changes to the long form if necessary; none where that can't be
 * done without writing the layer again.
 *
 * @param main key of the argument that the short form consists of
 */
export function layerWith(
  root: SpecNode,
  index: number,
  title: string,
  { main, added: [key, value] }: { readonly main: string; readonly added: readonly [key: string, value: string] },
): SpecFix[] {
  const [entry] = nodeAt(root, ["layers", index])?.entries.values() ?? [];
  if (!entry) return [];
  const { node } = entry;
  const { line, column, endLine, endColumn } = node.range;
  const insert = (newText: string): SpecFix[] => [
    { title, edits: [{ range: { line, column, endLine: line, endColumn: column }, newText }] },
  ];
  const indent = `\n${" ".repeat(column - 1)}`;
  const quoted = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const [first] = node.entries.values();
  const part = first?.keyRange ?? node.items[0]?.range;
  // An alias has the range of its name, and its parts are elsewhere.
  if (node.kind !== "scalar" && (!part || part.line < line || part.line > endLine)) return [];
  if (first) {
    if (!node.isFlow) return insert(`${key}: ${value}${indent}`);
    const at = first.keyRange;
    const range = { line: at.line, column: at.column, endLine: at.line, endColumn: at.column };
    return [{ title, edits: [{ range, newText: `${quoted}, ` }] }];
  }
  if (node.kind === "list" && !node.isFlow) return insert(`${key}: ${value}${indent}${main}:${indent}`);
  if (node.kind === "list") {
    const end = { line: endLine, column: endColumn, endLine, endColumn };
    const [start] = insert(`{ ${quoted}, ${JSON.stringify(main)}: `);
    return start ? [{ title, edits: [...start.edits, { range: end, newText: " }" }] }] : [];
  }
  if (typeof node.value !== "string") return [];
  return [replacing(title, node.range, `{ ${quoted}, ${JSON.stringify(main)}: ${JSON.stringify(node.value)} }`)];
}
