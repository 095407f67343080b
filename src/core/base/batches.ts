import { setImmediate as nextTurn } from "node:timers/promises";

/** The longest stretch of synchronous work: the editor must answer its user meanwhile. */
const sliceMs = 10;

let endOfTurn: number | undefined;

/**
 * When the event loop's turn that runs now has taken long enough: many short works in one turn are a long one to
 * whoever waits.
 */
function turnEnd(): number {
  if (endOfTurn === undefined) {
    endOfTurn = performance.now() + sliceMs;
    setImmediate(() => (endOfTurn = undefined));
  }
  return endOfTurn;
}

/** Gives the event loop its turn once a slice is over. */
export class TimeSlice {
  #end: number;

  /** @param lengthMs at most that of the turn, which other works share */
  constructor(private readonly lengthMs = sliceMs) {
    this.#end = Math.min(turnEnd(), performance.now() + lengthMs);
  }

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** @throws the signal's reason when it is aborted */
  async pause(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    turnEnd();
    // Each work gets a whole slice in its turn, or the second of two would hardly come on.
    this.#end = performance.now() + this.lengthMs;
  }
}

/**
 * Pulls from a synchronous source in slices and yields what came in each; nothing that is pulled is only a sign of
 * life.
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
 * Passes batches on, with pauses; one that is nothing, or empty, is only a sign of life.
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
 * Goes through a synchronous work in slices.
 *
 * @param isStale whether what the work has read so far no longer holds, so that it has to begin anew; asked after each
 * pause
 * @throws the signal's reason when it is aborted
 */
export async function inSlices<T>(
  begin: () => Generator<undefined, T>,
  signal: AbortSignal | undefined,
  isStale: () => boolean = () => false,
): Promise<T> {
  signal?.throwIfAborted();
  const slice = new TimeSlice();
  // Many works, each of which is short, may have filled the turn.
  if (slice.isOver) await slice.pause(signal);
  let work = begin();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!slice.isOver) continue;
    await slice.pause(undefined);
    // Thrown where the work stands, so that it closes what it has open.
    if (signal?.aborted) work.throw(signal.reason);
    signal?.throwIfAborted();
    if (isStale()) work = begin();
  }
}
