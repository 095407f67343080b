import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest stretch of synchronous work, in milliseconds, so that the editor stays responsive. */
const sliceMs = 10;

let endOfTurn: number | undefined;

/**
 * Returns when the event loop's current turn should end, on the clock of `performance.now()`: many short tasks in one
 * turn block the event loop as long as one long task.
 */
function turnEnd(): number {
  if (endOfTurn === undefined) {
    endOfTurn = performance.now() + sliceMs;
    setImmediate(() => (endOfTurn = undefined));
  }
  return endOfTurn;
}

/** Limits synchronous work to slices, and lets the event loop run between them. */
export class TimeSlice {
  #end: number;

  /** @param lengthMs length of a slice; the first one also ends with the current turn, which other tasks share */
  constructor(private readonly lengthMs = sliceMs) {
    this.#end = Math.min(turnEnd(), performance.now() + lengthMs);
  }

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Waits for the next turn of the event loop and starts a new slice.
   *
   * @throws the signal's reason when it is aborted
   */
  async pause(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    turnEnd();
    // Each task gets a whole slice in its turn; otherwise the second of two would hardly make progress.
    this.#end = performance.now() + this.lengthMs;
  }
}

/**
 * Reads a synchronous source in slices and yields the items of each slice as a batch. Undefined items are skipped; they
 * only give the loop a chance to pause.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* inBatches<T>(
  source: Iterable<T | undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly T[]> {
  signal?.throwIfAborted();
  const slice = new TimeSlice();
  let batch: T[] = [];
  for (const item of source) {
    if (item !== undefined) batch.push(item);
    if (!slice.isOver) continue;
    if (batch.length > 0) yield batch;
    batch = [];
    await slice.pause(signal);
  }
  if (batch.length > 0) yield batch;
}

/**
 * Passes batches on, with pauses. Undefined and empty batches are skipped; they only give the loop a chance to pause.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* paced<T>(
  batches: Iterable<readonly T[] | undefined>,
  signal: AbortSignal | undefined,
  lengthMs?: number,
): AsyncGenerator<readonly T[]> {
  signal?.throwIfAborted();
  const slice = new TimeSlice(lengthMs);
  for (const batch of batches) {
    if (batch && batch.length > 0) yield batch;
    if (slice.isOver) await slice.pause(signal);
  }
}

/**
 * Runs synchronous work in slices.
 *
 * @param isStale returns whether the data that was read so far is outdated, so that the work must start over; called
 * after each pause
 * @throws the signal's reason when it is aborted
 */
export async function inSlices<T>(
  begin: () => Generator<undefined, T>,
  signal: AbortSignal | undefined,
  isStale: () => boolean = () => false,
): Promise<T> {
  signal?.throwIfAborted();
  const slice = new TimeSlice();
  // Many short tasks may have used up the current turn.
  if (slice.isOver) await slice.pause(signal);
  let work = begin();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!slice.isOver) continue;
    await slice.pause(undefined);
    // Throws inside the generator, so that it closes what it has open.
    if (signal?.aborted) work.throw(signal.reason);
    signal?.throwIfAborted();
    if (isStale()) work = begin();
  }
}
