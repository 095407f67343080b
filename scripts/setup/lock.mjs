import { once } from "node:events";
import { createServer } from "node:net";
import { shortHash } from "./paths.mjs";
import { waitFor } from "./steps.mjs";

/**
 * Runs `work` while no other process of this machine holds the lock of that name.
 *
 * The lock is an abstract unix socket: the kernel gives it back however its holder ends, so none is ever stale.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  if (process.platform !== "linux") return work();
  const address = `\0image-builders-${shortHash(name)}`;
  const server = await waitFor(() => take(address), {
    timeoutMs: 10 * 60_000,
    describe: () => `Another process has worked on ${name} for ten minutes: end it.`,
  });
  try {
    return await work();
  } finally {
    server.close();
    await once(server, "close");
  }
}

/** @param {string} address */
async function take(address) {
  const server = createServer().listen(address);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE") return undefined;
    throw error;
  }
}
