/**
 * Returns a function that computes the result for each name once: a tree has few distinct names compared to its paths.
 */
export function memoised<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) known.set(name, (value = find(name)));
    return value;
  };
}
