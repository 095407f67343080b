/** What can be encoded: plain values, lists and objects of them. */
export type Canonical = string | number | boolean | undefined | null | object;

/**
 * A text that stands for one value only: each part carries its type and its length, keys are sorted, and a key without
 * a value is as good as absent. It tells apart what joining texts would not, such as `["ab"]` and `["a", "b"]`.
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
