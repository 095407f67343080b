import { knownKeys, schemasAt, type SpecJsonSchema } from "./specJsonSchema";
import { nodeAt, type SpecNode, type SpecPath } from "./specNode";
import { readSpecTree } from "./specTree";

/** Completion at the cursor in an image spec. */
export interface SpecProposal {
  readonly kind: "key" | "value";
  readonly text: string;
  readonly description: string | undefined;
  /** Kind of text after a key: a value on its line, keys below it, or a list below it. */
  readonly followedBy: "value" | "keys" | "list" | undefined;
}

/** Names outside the file that it may refer to. */
export interface KnownNames {
  readonly secrets: readonly string[];
  readonly refNames: readonly string[];
}

/** Placeholder at the cursor, which no file contains. */
const cursor = "\u{f8ff}cursor";

/**
 * Returns completions for a position in a YAML file: keys that its map doesn't contain yet, or values. They come from
 * the schema.
 *
 * @param before text up to the word at the cursor
 * @param after text after that word
 */
export function specProposals(before: string, after: string, names: KnownNames): SpecProposal[] {
  const isValue = /:[ \t]+$/.test(before);
  const keyPath = isValue
    ? undefined
    : placeOfCursor(`${before}${cursor}:${/^[ \t]*(?:[,}\]\r\n]|$)/.test(after) ? "" : " null"}${after}`);
  const valuePath = placeOfCursor(`${before}${cursor}${after}`);
  return [...(keyPath ? keysAt(keyPath) : []), ...(valuePath ? valuesAt(valuePath.path, names) : [])];
}

interface Place {
  readonly root: SpecNode;
  readonly path: SpecPath;
}

function placeOfCursor(text: string): Place | undefined {
  const { root } = readSpecTree(text, false);
  const path = pathTo(root, []);
  return path && { root, path };
}

function pathTo(node: SpecNode, path: SpecPath): SpecPath | undefined {
  if (node.source === cursor) return path;
  for (const [key, { node: each }] of node.entries) {
    const found = key === cursor ? [...path, key] : pathTo(each, [...path, key]);
    if (found) return found;
  }
  for (const [index, each] of node.items.entries()) {
    const found = pathTo(each, [...path, index]);
    if (found) return found;
  }
  return undefined;
}

function keysAt({ root, path }: Place): SpecProposal[] {
  const above = path.slice(0, -1);
  if (path.at(-1) !== cursor) return [];
  const written = [...(nodeAt(root, above)?.entries.keys() ?? [])].filter((key) => key !== cursor);
  const takesOne = schemasAt(above).some(({ maxProperties }) => maxProperties === 1);
  if (takesOne && written.length > 0) return [];
  return knownKeys(above)
    .filter((key) => !written.includes(key))
    .map((key) => ({
      kind: "key",
      text: key,
      description: descriptionAt([...above, key]),
      followedBy: followerOf(schemasAt([...above, key])),
    }));
}

function followerOf(schemas: readonly SpecJsonSchema[]): SpecProposal["followedBy"] {
  const types = schemas.map(({ type }) => type);
  if (types.some((type) => ["string", "boolean", "number"].includes(type ?? ""))) return "value";
  return types.includes("array") ? "list" : "keys";
}

function valuesAt(path: SpecPath, { secrets, refNames }: KnownNames): SpecProposal[] {
  const schemas = schemasAt(path);
  const key = path.findLast((step) => typeof step === "string");
  const values = [
    ...schemas.flatMap((schema) => schema.enum ?? []),
    ...(schemas.some(({ type }) => type === "boolean") ? ["true", "false"] : []),
    ...(key === "secretMounts" || key === "registrySecret" ? secrets : []),
    ...(key === "refName" ? refNames : []),
  ];
  return [...new Set(values)].map((text) => ({ kind: "value", text, description: undefined, followedBy: undefined }));
}

/** Returns the schema's description of a path; undefined if there is none. */
export function descriptionAt(path: SpecPath): string | undefined {
  return schemasAt(path).find(({ description }) => description !== undefined)?.description;
}
