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
  const listeners = new Set<(change: { readonly key: string }) => void>();
  const tell = (key: string): void => listeners.forEach((listener) => listener({ key }));
  return {
    get: async (key) => values.get(key),
    store: async (key, value) => {
      values.set(key, value);
      tell(key);
    },
    delete: async (key) => {
      values.delete(key);
      tell(key);
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
}
