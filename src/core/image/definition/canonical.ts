/** Values that can be encoded: plain values, and lists and objects of them. */
export type Canonical = string | number | boolean | undefined | null | object;

/**
 * Encodes a value as a unique text: each part has its type and length, keys are sorted, and keys without a value are
 * left out. Unlike joined texts, it distinguishes `["ab"]` from `["a", "b"]`.
 */
export function encode(value: Canonical): string {
  if (value === undefined || value === null) return "n";
  if (typeof value === "string") return part("s", value);
  if (typeof value === "number" || typeof value === "boolean")
    return part(typeof value === "number" ? "i" : "t", String(value));
  if (Array.isArray(value)) return part("l", value.map((each: Canonical) => encode(each)).join(""));
  const entries: [string, Canonical][] = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return part("o", entries.map(([key, each]) => part("s", key) + encode(each)).join(""));
}

function part(type: string, content: string): string {
  return `${type}${content.length}:${content}`;
}
