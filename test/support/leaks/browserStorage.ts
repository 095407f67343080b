import type { Page } from "playwright-core";

/** What a page runs: a text, since it is none of the tests' own program. */
const reading = `(async () => {
  const isBytes = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer;
  const text = (value) => (isBytes(value) ? new TextDecoder().decode(value) : JSON.stringify(value));
  const ended = (asked) =>
    new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  const found = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage).map(String));
  for (const { name } of await indexedDB.databases()) {
    const database = await ended(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const opened = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([ended(opened.getAllKeys()), ended(opened.getAll())]);
      keys.forEach((key, at) => found.push(name + " " + store + " " + text(key) + " " + text(values[at])));
    }
    database.close();
  }
  return found;
})()`;

/** All that a page's origin keeps in the browser: where VS Code for the web has what extensions remember. */
export async function browserStorage(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(reading);
}
