import { parseTree, type Node } from "jsonc-parser";
import { parseJson } from "./parseJson";

/**
 * Type that Go decodes a JSON value into: a string or number, a struct with known fields, or a map with keys as
 * written.
 */
export type GoShape = "value" | { readonly struct: Readonly<Record<string, GoShape>> } | { readonly map: GoShape };

/** Rules by which a Go program reads a JSON text. */
export interface GoReading {
  /** Whether only the first value counts, as a `json.Decoder` reads it, and not the whole text. */
  readonly firstOnly?: boolean;
}

/**
 * Parses foreign JSON text as Go's `encoding/json` does: the names of a struct's fields are case-insensitive, and the
 * last value of a repeated field counts, except that structs and maps are merged. Fields that the shape does not
 * contain are left out. Values of another form than the shape are returned as they are, so that a schema can reject
 * them.
 *
 * @returns undefined if the text is not JSON or exceeds the limits of `parseJson`
 */
export function parseGoJson(whole: string, shape: GoShape, { firstOnly = false }: GoReading = {}): unknown {
  const text = firstOnly ? firstValue(whole) : whole;
  const value = parseJson(text);
  if (value === undefined) return undefined;
  const node = parseTree(text);
  return node?.type === "object" ? withoutMaps(new GoDecoder(text).decode(node, shape, undefined)) : value;
}

type Fields = Map<string, unknown>;

function withoutMaps(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as Fields)].map(([name, each]) => [name, withoutMaps(each)]));
}

/** Returns the text up to the end of its first object or array; all of it where it begins with neither. */
function firstValue(text: string): string {
  let depth = 0;
  if (!/^\s*[{[]/.test(text)) return text;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return text.slice(0, at + 1);
  }
  return text;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

class GoDecoder {
  constructor(private readonly text: string) {}

  /**
   * Decodes objects into maps that repeated fields are added to, because a copy for each of many fields would take too
   * long.
   *
   * @param earlier earlier value of the same field
   */
  decode(node: Node, shape: GoShape, earlier: unknown): unknown {
    if (node.type === "null") return shape === "value" || "struct" in shape ? earlier : undefined;
    if (shape === "value" || node.type !== "object") return this.#valueOf(node);
    return "struct" in shape ? this.#struct(node, shape.struct, earlier) : this.#map(node, shape.map, earlier);
  }

  #struct(node: Node, fields: Readonly<Record<string, GoShape>>, earlier: unknown): Fields {
    const byName = new Map(Object.entries(fields).map(([name, shape]) => [folded(name), { name, shape }]));
    const found: Fields = earlier instanceof Map ? earlier : new Map<string, unknown>();
    for (const [key, value] of this.#properties(node)) {
      const field = byName.get(folded(key));
      if (field) found.set(field.name, this.decode(value, field.shape, found.get(field.name)));
    }
    return found;
  }

  #map(node: Node, shape: GoShape, earlier: unknown): Fields {
    const found: Fields = earlier instanceof Map ? earlier : new Map<string, unknown>();
    for (const [key, value] of this.#properties(node)) found.set(key, this.decode(value, shape, undefined));
    return found;
  }

  #properties(node: Node): [key: string, value: Node][] {
    return (node.children ?? []).flatMap(({ children: [key, value] = [] }): [string, Node][] => {
      const name = key && this.#valueOf(key);
      return typeof name === "string" && name !== "__proto__" && value ? [[name, value]] : [];
    });
  }

  #valueOf({ offset, length }: Node): unknown {
    return parseJson(this.text.slice(offset, offset + length));
  }
}

/** Folds a name as Go compares field names: outside ASCII, only two letters equal an ASCII letter. */
function folded(name: string): string {
  return name.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}
