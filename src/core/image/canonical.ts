/** What can be encoded: plain values, and bytes. */
export type Canonical = string | number | boolean | undefined | null | Buffer | object;

/**
 * Bytes that stand for one value only: each part carries its type and its length, keys are sorted, and a key without a value
 * is as good as absent. Hashing them tells apart what joining texts would not, such as `["ab"]` and `["a", "b"]`.
 */
export function encode(value: Canonical): Buffer {
  if (Buffer.isBuffer(value)) return part("b", value);
  if (value === undefined || value === null) return part("n", Buffer.alloc(0));
  if (typeof value === "string") return part("s", Buffer.from(value));
  if (typeof value === "number" || typeof value === "boolean") return part(typeof value === "number" ? "i" : "t", Buffer.from(String(value)));
  if (Array.isArray(value)) return part("l", Buffer.concat(value.map((each: Canonical) => encode(each))));
  const entries: [string, Canonical][] = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return part("o", Buffer.concat(entries.flatMap(([key, each]) => [encode(key), encode(each)])));
}

function part(type: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${type}${content.length}:`), content]);
}
