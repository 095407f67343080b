import { setTimeout as sleep } from "node:timers/promises";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";

/**
 * How often a daemon at work is asked for a sign of life, in milliseconds, and how many answers in a row it may owe.
 */
export interface Pulse {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly misses: number;
}

/** A daemon that can be asked for a sign of life. */
export interface PingedDaemon {
  readonly pulse: Pulse;
  readonly endpoint: { readonly address: string };
  /** Whether it answers; never throws. */
  ping(signal: AbortSignal): Promise<boolean>;
}

/** A daemon may be busy, and this thread blocked, for longer than one question lasts. */
export const usualPulse: Pulse = { intervalMs: 10_000, timeoutMs: 10_000, misses: 3 };

/**
 * Does work that waits for the daemon, and ends it when the daemon gives no sign of life any more: a build may be
 * silent for hours, so that its own stream does not tell.
 *
 * @param work is given an operation whose signal says so, too
 * @throws ImageBuilderError `daemonLost`, or what the work throws
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
