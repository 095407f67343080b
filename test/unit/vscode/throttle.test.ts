import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { throttle } from "../../../src/vscode/ui/throttle";

describe("a throttle", () => {
  it("passes the first value at once and of the others only the newest", async () => {
    const passed: number[] = [];
    const pass = throttle<number>(20, (value) => passed.push(value));
    for (let i = 0; i < 1000; i++) pass(i);
    assert.deepEqual(passed, [0]);
    await sleep(60);
    assert.deepEqual(passed, [0, 999]);
    pass(1000);
    assert.deepEqual(passed, [0, 999, 1000]);
  });
});
