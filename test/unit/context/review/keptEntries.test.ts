import assert from "node:assert/strict";
import { BuildContext, type EntriesOptions } from "../../../../src/core/context/buildContext";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../../support/folder";

async function pathsOf(context: BuildContext, options?: EntriesOptions): Promise<string[]> {
  const paths: string[] = [];
  for await (const batch of context.entries(options)) paths.push(...batch.map(({ path }) => path));
  return paths;
}

describe("entries that were kept", () => {
  after(removeTemporaryFolders);

  it("come again once, whatever was written meanwhile", async () => {
    const root = temporaryFolder({ a: "1" });
    const context = new BuildContext({ root });
    assert.deepEqual(await pathsOf(context, { keep: true }), ["a"]);
    writeFiles(root, { b: "2" });
    assert.deepEqual(await pathsOf(context), ["a"]);
    assert.deepEqual(await pathsOf(context), ["a", "b"]);
  });

  it("give way to a new look that is to be kept", async () => {
    const root = temporaryFolder({ a: "1" });
    const context = new BuildContext({ root });
    await pathsOf(context, { keep: true });
    writeFiles(root, { b: "2" });
    assert.deepEqual(await pathsOf(context, { keep: true }), ["a", "b"]);
    assert.deepEqual(await pathsOf(context), ["a", "b"]);
  });

  it("do not stand for another order, another builder or other files", async () => {
    const root = temporaryFolder({ a: "1" });
    const context = new BuildContext({ root });
    for (const options of [{ order: "path" }, { builder: "classic" }] as const) {
      await pathsOf(context, { keep: true });
      writeFiles(root, { b: "2" });
      assert.deepEqual(await pathsOf(context, options), ["a", "b"]);
    }
    await pathsOf(context, { keep: true });
    context.addFile({ content: "3" }, "c");
    assert.deepEqual(await pathsOf(context), ["a", "b", "c"]);
  });

  it("are not kept of a look that was broken off", async () => {
    const root = temporaryFolder({ a: "1" });
    const context = new BuildContext({ root });
    for await (const batch of context.entries({ keep: true })) if (batch.length > 0) break;
    writeFiles(root, { b: "2" });
    assert.deepEqual(await pathsOf(context), ["a", "b"]);
    await assert.rejects(async () => {
      await pathsOf(context, { keep: true });
      await pathsOf(context, { signal: AbortSignal.abort(new Error("enough")) });
    }, /enough/);
  });
});
