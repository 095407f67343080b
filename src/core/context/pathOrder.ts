/** In which order a context's entries come: parents always before what is in them. */
export type EntryOrder =
  /** Depth first, siblings by their names' bytes: what BuildKit wants. */
  | "tree"
  /** By the whole path's bytes, so that `a.txt` comes between `a` and `a/b`: what an archive wants. */
  | "path";

const surrogate = /[\ud800-\udfff]/;

/** Sorts in place by the bytes of the keys' UTF-8. */
export function sortByBytes<T extends { readonly key: string }>(items: T[]): T[] {
  const plain = !items.some(({ key }) => surrogate.test(key));
  return items.sort(plain ? (a, b) => (a.key < b.key ? -1 : 1) : (a, b) => compareBytes(a.key, b.key));
}

/** Compares by code points, which is the order of the texts' UTF-8 bytes; a plain compare goes wrong past U+FFFF. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i === length ? a.length - b.length : rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
}

/** Compares paths part by part: `a/b` comes before `a.txt`. */
export function compareTree(a: string, b: string): number {
  return compareBytes(a.replaceAll("/", "\0"), b.replaceAll("/", "\0"));
}

/** Surrogates stand for what is larger than any single code unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
