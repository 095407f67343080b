/** The record with another value under a key; null takes the key away. */
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
