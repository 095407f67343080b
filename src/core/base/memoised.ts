/** A function of names that works each out once: a tree has few names beside its paths. */
export function memoised<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) known.set(name, (value = find(name)));
    return value;
  };
}
