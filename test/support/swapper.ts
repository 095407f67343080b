import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Two paths that change places again and again; `spare` is a free name beside them. */
export interface Swap {
  readonly one: string;
  readonly other: string;
  readonly spare: string;
}

/** Plain JavaScript, so that the thread starts at once. */
const program = `
const { workerData, parentPort } = require("node:worker_threads");
const { renameSync } = require("node:fs");
const { swaps, seed, stop } = workerData;
const stopped = new Int32Array(stop);
let state = seed;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
let count = 0;
const exchange = ({ one, other, spare }) => {
  renameSync(one, spare);
  renameSync(other, one);
  renameSync(spare, other);
};
parentPort.postMessage("started");
while (Atomics.load(stopped, 0) === 0) {
  const swap = swaps[Math.floor(random() * swaps.length)];
  exchange(swap);
  for (let i = random() * 2000; i > 0; i--) count += 1e-9;
  exchange(swap);
  count++;
  for (let i = random() * 20000; i > 0; i--) count += 1e-9;
}
parentPort.postMessage(Math.floor(count));
`;

/**
 * Lets paths change places as fast as they can, in a thread of its own, while something else is done. Returns how often
 * they did.
 */
export async function swapping(swaps: readonly Swap[], seed: number, work: () => Promise<void>): Promise<number> {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(program, { eval: true, workerData: { swaps, seed, stop } });
  await once(worker, "message");
  const counted = once(worker, "message");
  try {
    await work();
  } finally {
    Atomics.store(new Int32Array(stop), 0, 1);
  }
  const [count] = (await counted) as [number];
  await worker.terminate();
  return count;
}
