import assert from "node:assert/strict";
import { inBatches, inSlices } from "../../../src/core/base/batches";

/** Takes a millisecond of the processor for each item; every third is only a sign of life. */
function* slowly(count: number): Generator<number | undefined, void> {
  for (let i = 0; i < count; i++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield i % 3 === 2 ? undefined : i;
  }
}

/** Counts the event loop's turns until it is asked how many there were. */
function countTurns(): () => number {
  let turns = 0;
  let running = true;
  const count = (): void => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  return () => {
    running = false;
    return turns;
  };
}

describe("synchronous work in batches", () => {
  it("gives the event loop its turn between many works, each of which is short", async () => {
    const turns = countTurns();
    function* short(): Generator<undefined, void> {
      const source = slowly(3);
      while (!source.next().done) yield undefined;
    }
    for (let i = 0; i < 40; i++) await inSlices(short, undefined);
    const counted = turns();
    assert.ok(counted >= 6, `${counted} turns of the event loop`);
  });

  it("gives the event loop its turn and loses nothing", async () => {
    const turns = countTurns();
    const batches: (readonly number[])[] = [];
    for await (const batch of inBatches(slowly(120), undefined)) batches.push(batch);
    const counted = turns();
    assert.deepEqual(
      batches.flat(),
      Array.from({ length: 120 }, (_, i) => i).filter((i) => i % 3 !== 2),
    );
    assert.ok(batches.length >= 6, `${batches.length} batches`);
    assert.ok(counted >= 6, `${counted} turns of the event loop`);
    assert.ok(batches.every((batch) => batch.length > 0));
  });

  it("gives turns while nothing is found", async () => {
    function* nothing(): Generator<undefined> {
      const source = slowly(60);
      while (!source.next().done) yield undefined;
    }
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    for await (const batch of inBatches(nothing(), undefined)) assert.fail(`found ${batch.length}`);
    clearInterval(heart);
    assert.ok(beats >= 3, `${beats} beats`);
  });

  it("ends at an abort with its reason, and ends the source", async () => {
    const reason = new Error("cancelled");
    const controller = new AbortController();
    let ended = false;
    function* source(): Generator<number | undefined> {
      try {
        yield* slowly(10_000);
      } finally {
        ended = true;
      }
    }
    setTimeout(() => controller.abort(reason), 20);
    await assert.rejects(async () => {
      for await (const batch of inBatches(source(), controller.signal)) assert.ok(batch.length > 0);
    }, reason);
    assert.ok(ended);
  });
});
