/**
 * Returns the one name that a slip of the finger tells from `name`: a letter left out, added, changed or swapped with
 * its neighbor.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (name.length < 3) return undefined;
  // Three letters are similar to too many other names, so only swaps count, such as `scr` and `src`.
  const near = names.filter((each) => (name.length === 3 ? isSwap(name, each) : isSlip(name, each)));
  return near.length === 1 ? near[0] : undefined;
}

function isSlip(a: string, b: string): boolean {
  if (a.length > b.length) return isSlip(b, a);
  if (b.length - a.length > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (a.length < b.length) return a.slice(i) === b.slice(i + 1);
  // `v1` and `v2` are different names.
  const isChanged = a.slice(i + 1) === b.slice(i + 1) && !/\d/.test(`${a[i]}${b[i]}`);
  return a !== b && (isChanged || isSwap(a, b));
}

function isSwap(a: string, b: string): boolean {
  if (a === b || a.length !== b.length) return false;
  let i = 0;
  while (a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}
