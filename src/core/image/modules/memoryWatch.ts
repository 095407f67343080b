import { Worker } from "node:worker_threads";

/** Looks at the process from a thread of its own, because the module may never let go of the main one. */
const script = `
const { writeSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
const { limitBytes, descriptor, answer } = workerData;
const begin = process.memoryUsage.rss();
setInterval(() => {
  if (process.memoryUsage.rss() - begin < limitBytes) return;
  try {
    writeSync(descriptor, answer);
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}, 50);
`;

/** What is written once the process takes too much, and where. */
export interface MemoryLimit {
  readonly limitBytes: number;
  readonly descriptor: number;
  readonly answer: string;
}

/** Ends this process when its memory grows beyond a limit: Node's own limit counts neither buffers nor threads. */
export function watchMemory(limit: MemoryLimit): void {
  new Worker(script, { eval: true, workerData: limit, env: {} }).unref();
}
