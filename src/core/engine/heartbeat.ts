import { setTimeout as sleep } from "node:timers/promises";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";

/**
 * Interval and timeout for pinging a working daemon, in milliseconds, and the number of consecutive misses after which
 * it counts as lost.
 */
export interface Pulse {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly misses: number;
}

/** Daemon that can be pinged. */
export interface PingedDaemon {
  readonly pulse: Pulse;
  readonly endpoint: { readonly address: string };
  /** Whether the daemon responds; never throws. */
  ping(signal: AbortSignal): Promise<boolean>;
}

/** Several misses are allowed, because the daemon may be busy, or this thread blocked, for longer than one ping. */
export const usualPulse: Pulse = { intervalMs: 10_000, timeoutMs: 10_000, misses: 3 };

/**
 * Runs work that waits for the daemon, and aborts it when the daemon no longer responds to pings: a build may be silent
 * for hours, so its own stream doesn't show this.
 *
 * @param work receives an operation whose signal is also aborted when the daemon is lost
 * @throws ImageBuilderError `daemonLost`, or an error of the work
 */
export async function whileAlive<Result>(
  client: PingedDaemon,
  operation: Operation,
  work: (operation: Operation) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const ended = new AbortController();
  const watching = watch(client, lost, AbortSignal.any([operation.signal, ended.signal]), operation);
  try {
    return await work({ ...operation, signal: AbortSignal.any([operation.signal, lost.signal]) });
  } finally {
    ended.abort();
    await watching;
  }
}

async function watch(
  client: PingedDaemon,
  lost: AbortController,
  ended: AbortSignal,
  { log }: Operation,
): Promise<void> {
  const { intervalMs, timeoutMs, misses } = client.pulse;
  const { address } = client.endpoint;
  for (let missed = 0; missed < misses;) {
    await sleep(intervalMs, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) return;
    const isAlive = await client.ping(AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]));
    if (ended.aborted) return;
    missed = isAlive ? 0 : missed + 1;
    if (missed === 1)
      log.warn(`The Docker daemon at ${address} is busy and hasn't responded for ${timeoutMs / 1000} s.`);
  }
  lost.abort(
    new ImageBuilderError(
      "daemonLost",
      `The Docker daemon at ${address} no longer responds. ` +
        "Check that it is running and reachable, or restart it, then try again.",
    ),
  );
}
