import type { TextRange } from "../../base/textRange";

/** Quotation mark of a scalar. */
export type Quote = '"' | "'" | "";

/**
 * Value of an image spec with its range. The value of an alias has the range of the alias; its parts keep their own
 * ranges.
 */
export interface SpecNode {
  readonly kind: "scalar" | "map" | "list";
  /** Plain value, including all nested values. */
  readonly value: unknown;
  /** Text of a scalar as written, without quotes. */
  readonly source: string;
  readonly quote: Quote;
  readonly range: TextRange;
  /** Whether a list or map is written in brackets. */
  readonly isFlow: boolean;
  readonly entries: ReadonlyMap<string, SpecEntry>;
  readonly items: readonly SpecNode[];
}

/** Key with its value. */
export interface SpecEntry {
  readonly keyRange: TextRange;
  readonly quote: Quote;
  readonly node: SpecNode;
}

/** Path of a part: keys and indexes, starting at the root. */
export type SpecPath = readonly (string | number)[];

/** Returns the part at a path; undefined if there is none. */
export function nodeAt(root: SpecNode, path: SpecPath): SpecNode | undefined {
  return path.reduce<SpecNode | undefined>(
    (node, step) => (typeof step === "number" ? node?.items[step] : node?.entries.get(step)?.node),
    root,
  );
}

/** Returns the range of a part's key; undefined if the part has no key or doesn't exist. */
export function keyRangeAt(root: SpecNode, path: SpecPath): TextRange | undefined {
  const name = path.at(-1);
  return typeof name === "string" ? nodeAt(root, path.slice(0, -1))?.entries.get(name)?.keyRange : undefined;
}

/** Returns the range to mark for a path: the part itself or, if it is missing, the key of its parent. */
export function rangeAt(root: SpecNode, path: SpecPath): TextRange {
  const node = nodeAt(root, path);
  if (node) return node.range;
  if (path.length === 0) return root.range;
  const above = path.slice(0, -1);
  return (typeof path.at(-1) === "string" ? keyRangeAt(root, above) : undefined) ?? rangeAt(root, above);
}
