/** A source of numbers that is the same for the same seed. */
export type Random = () => number;

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of several. */
export function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** JSON texts that stand where others are expected. */
const strangers = [
  "null",
  "true",
  "0",
  "-1",
  "0.5",
  "1e999",
  "-1e999",
  "9007199254740993",
  "1e300",
  '""',
  '"\\ud800"',
  '"\\u0000\\u001b[31m\\u202e"',
  '"-Infinity"',
  '"../../x"',
  '"__proto__"',
  "[]",
  "{}",
  "[null]",
  "[[]]",
  '{"__proto__":{"a":1}}',
  '{"constructor":null,"toString":1}',
  '"2026-99-99T99:99:99Z"',
  '"sha256:"',
  `"sha256:${"A".repeat(64)}"`,
  `"${"x".repeat(5_000)}"`,
];
const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** Changes a text that is JSON, or lines of it, in a place: its shape, a value, a key, or its bytes. */
export function mutate(text: string, random: Random): Buffer {
  let changed: Buffer = Buffer.from(text);
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const at = Math.floor(random() * (bytes.length + 1));
  const way = random();
  if (way < 0.4) return replaceValue(bytes, random);
  if (way < 0.5) return bytes.subarray(0, at);
  if (way < 0.6) return withBytes(bytes, at, Buffer.from([Math.floor(random() * 256)]), 1);
  if (way < 0.7) return withBytes(bytes, at, bytes.subarray(Math.floor(random() * at), at));
  if (way < 0.75) return withBytes(bytes, at, Buffer.from(deep(Math.ceil(random() * 2_000))));
  if (way < 0.8) return withBytes(bytes, at, Buffer.from("[],".repeat(Math.ceil(random() * 5_000))));
  if (way < 0.85)
    return withBytes(
      bytes,
      at,
      Buffer.from(pick(["\n", "\r", "\0", "\ufeff", "\u2028", "}", "]", ",", ":", '"', "\\"], random)),
    );
  if (way < 0.9) return Buffer.concat([bytes, bytes]);
  if (way < 0.95) return withBytes(bytes, at, Buffer.alloc(0), Math.ceil(random() * 40));
  return Buffer.from(pick(strangers, random));
}

/** Puts another value in the place of one that the text has. */
function replaceValue(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("utf8");
  const values = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/g)];
  const found = values.length > 0 ? pick(values, random) : undefined;
  if (!found) return bytes;
  const [whole, value = ""] = found;
  const start = found.index + whole.length - value.length;
  return Buffer.from(text.slice(0, start) + pick(strangers, random) + text.slice(start + value.length));
}

function withBytes(bytes: Buffer, at: number, inserted: Buffer, removed = 0): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
}
