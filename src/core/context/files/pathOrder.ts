/** Order of a context's entries; folders always precede their contents. */
export type EntryOrder =
  /** Depth first, siblings by the bytes of their names, as BuildKit requires. */
  | "tree"
  /** By the bytes of the whole path, so `a.txt` comes between `a` and `a/b`; used for archives. */
  | "path";

const surrogate = /[\ud800-\udfff]/;

/** Number of items that are sorted or merged per step. */
const stretch = 2048;

type Compare<T> = (a: T, b: T) => number;

/** Sorts by the UTF-8 bytes of the names, step by step. */
export function sortByBytes<T extends { readonly name: string }>(items: readonly T[]): Generator<undefined, T[]> {
  const plain = !items.some(({ name }) => surrogate.test(name));
  return sort(items, plain ? (a, b) => (a.name < b.name ? -1 : 1) : (a, b) => compareBytes(a.name, b.name));
}

/** Sorts step by step. */
export function* sort<T>(items: readonly T[], compare: Compare<T>): Generator<undefined, T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += stretch) {
    runs.push(items.slice(from, from + stretch).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) longer.push(yield* merge(runs[i] ?? [], runs[i + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: Compare<T>): Generator<undefined, T[]> {
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  for (let a = left[0], b = right[0]; a !== undefined && b !== undefined;) {
    if (compare(a, b) <= 0) {
      merged.push(a);
      a = left[++l];
    } else {
      merged.push(b);
      b = right[++r];
    }
    if (merged.length % stretch === 0) yield;
  }
  return merged.concat(left.slice(l), right.slice(r));
}

/** Compares by code points, the order of UTF-8 bytes; comparing strings directly is wrong beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  return compareBy(rank, a, b);
}

/** Compares paths name by name: `a/b` comes before `a.txt`. */
export function compareTree(a: string, b: string): number {
  return compareBy((unit) => (unit === slash ? 0 : rank(unit)), a, b);
}

const slash = 47;

function compareBy(rankOf: (unit: number) => number, a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i === length ? a.length - b.length : rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
}

/** Surrogates represent code points that are larger than any single code unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
