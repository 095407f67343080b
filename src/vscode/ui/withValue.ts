/** Returns a copy of the record with a new value for a key; null removes the key. */
export function withValue<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value | null,
): Readonly<Record<string, Value>> {
  return Object.fromEntries([
    ...Object.entries(record).filter(([each]) => each !== key),
    ...(value === null ? [] : [[key, value] as const]),
  ]);
}
