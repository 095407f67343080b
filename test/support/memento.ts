import type { Memento, SecretStorage } from "vscode";

/** What VS Code remembers, in memory. */
export function memoryMemento(): Memento {
  const values = new Map<string, unknown>();
  const get = <Value>(key: string, fallback?: Value): Value | undefined =>
    values.has(key) ? (values.get(key) as Value) : fallback;
  return { keys: () => [...values.keys()], get, update: async (key, value) => void values.set(key, value) };
}

/** VS Code's secret storage, in memory. */
export function memorySecrets(): SecretStorage {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    store: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    onDidChange: () => ({ dispose() {} }),
  };
}
