import { Worker } from "node:worker_threads";

/** Checks the process from a separate thread, because the module may block the main one. */
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

/** Memory limit, and the text to write when the process exceeds it. */
export interface MemoryLimit {
  readonly limitBytes: number;
  readonly descriptor: number;
  readonly answer: string;
}

/**
 * Kills this process when its memory grows by more than a limit: Node's own limit counts neither buffers nor threads.
 */
export function watchMemory(limit: MemoryLimit): void {
  new Worker(script, { eval: true, workerData: limit, env: {} }).unref();
}
