import assert from "node:assert/strict";
import { lazily } from "../../../src/vscode/ui/lazily";

describe("a part that is loaded with its first use", () => {
  it("is loaded once, however many ask at the same time", async () => {
    let count = 0;
    const part = lazily(() => Promise.resolve(++count));
    assert.deepEqual(await Promise.all([part(), part()]), [1, 1]);
    assert.equal(await part(), 1);
  });

  it("is loaded again if it could not be read", async () => {
    let count = 0;
    const part = lazily(() => (++count === 1 ? Promise.reject(new Error("busy")) : Promise.resolve(count)));
    await assert.rejects(part(), /busy/);
    assert.equal(await part(), 2);
  });
});
