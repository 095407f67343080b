import assert from "node:assert/strict";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { EntryList } from "../../../src/core/worker/entryList";

function entry(path: string): ContextEntry {
  return { path, kind: "file", mode: 0o644, sizeBytes: 0, mtimeMs: 0 };
}

async function pathsOf(list: EntryList): Promise<string[]> {
  const paths: string[] = [];
  for await (const batch of list) paths.push(...batch.map(({ path }) => path));
  return paths;
}

describe("a list of entries", () => {
  it("is read without being asked, and gives the same to each who goes through it", async () => {
    let isRead = false;
    async function* source(): AsyncGenerator<readonly ContextEntry[]> {
      yield [entry("a"), entry("b")];
      yield [entry("c")];
      isRead = true;
    }
    const list = new EntryList(source());
    await new Promise(setImmediate);
    assert.equal(isRead, true);
    assert.deepEqual(await pathsOf(list), ["a", "b", "c"]);
    assert.deepEqual(await pathsOf(list), ["a", "b", "c"]);
  });

  it("gives what is there while the rest is still being read", async () => {
    let goOn = (): void => {};
    const rest = new Promise<void>((resolve) => (goOn = resolve));
    async function* source(): AsyncGenerator<readonly ContextEntry[]> {
      yield [entry("a")];
      await rest;
      yield [entry("b")];
    }
    const list = new EntryList(source());
    const first = list[Symbol.asyncIterator]();
    assert.deepEqual((await first.next()).value, [entry("a")]);
    goOn();
    assert.deepEqual([(await first.next()).value, (await first.next()).done], [[entry("b")], true]);
  });

  it("fails for each who goes through it, after what came before, and for nobody else", async () => {
    async function* source(): AsyncGenerator<readonly ContextEntry[]> {
      yield [entry("a")];
      throw new Error("no more");
    }
    const list = new EntryList(source());
    await new Promise(setImmediate);
    for (let i = 0; i < 2; i++) {
      const seen: string[] = [];
      await assert.rejects(async () => {
        for await (const batch of list) seen.push(...batch.map(({ path }) => path));
      }, /^Error: no more$/);
      assert.deepEqual(seen, ["a"]);
    }
  });
});
