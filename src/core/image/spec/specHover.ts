import type { TextRange } from "../../base/textRange";
import { descriptionAt } from "./specProposals";
import type { SpecNode, SpecPath } from "./specNode";

/** Description of a key, as Markdown, and the key's range. */
export interface SpecHover {
  readonly range: TextRange;
  readonly text: string;
}

/** Returns the description of the key at a position; line and column count from 1. Undefined if there is none. */
export function specHover(root: SpecNode, line: number, column: number, path: SpecPath = []): SpecHover | undefined {
  for (const [key, { keyRange, node }] of root.entries) {
    const found = holds(keyRange, line, column)
      ? hoverOf(keyRange, [...path, key])
      : specHover(node, line, column, [...path, key]);
    if (found) return found;
  }
  for (const [index, item] of root.items.entries()) {
    const found = specHover(item, line, column, [...path, index]);
    if (found) return found;
  }
  return undefined;
}

function hoverOf(range: TextRange, path: SpecPath): SpecHover | undefined {
  const text = descriptionAt(path);
  return text === undefined ? undefined : { range, text };
}

function holds(range: TextRange, line: number, column: number): boolean {
  return line === range.line && line === range.endLine && column >= range.column && column <= range.endColumn;
}
