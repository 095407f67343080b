import { once } from "node:events";
import { createServer } from "node:net";
import { shortHash } from "./paths.mjs";
import { waitFor } from "./steps.mjs";

/**
 * Runs `work` while no other process on this machine holds the lock with this name.
 *
 * The lock is an abstract Unix socket: the kernel releases it however its holder ends, so it is never stale.
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
