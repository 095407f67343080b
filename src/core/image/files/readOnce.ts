interface Outcome {
  readonly result?: unknown;
  readonly error?: { readonly thrown: unknown };
}

/** Outcomes of the call of `readingOnce` that is running, by what was computed from what. */
let outcomes: Map<string, Outcome> | undefined;

/** Numbers of objects, which identify them in keys. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/**
 * Runs synchronous work in which {@link once} computes each result only once, so that the layers of an image share what
 * is read from their files.
 */
export function readingOnce<Result>(work: () => Result): Result {
  if (outcomes) return work();
  outcomes = new Map();
  try {
    return work();
  } finally {
    outcomes = undefined;
  }
}

/**
 * Returns a result, or throws an error, that depends only on these parts and on files: the one that was computed before
 * in the running call of {@link readingOnce}, if any. Objects among the parts are compared by identity.
 */
export function once<Result>(what: string, parts: readonly unknown[], compute: () => Result): Result {
  if (!outcomes) return compute();
  const key = JSON.stringify([what, ...parts.map(identified)]);
  let outcome = outcomes.get(key);
  if (!outcome) outcomes.set(key, (outcome = outcomeOf(compute)));
  if (outcome.error) throw outcome.error.thrown;
  return outcome.result as Result;
}

function outcomeOf(compute: () => unknown): Outcome {
  try {
    return { result: compute() };
  } catch (thrown) {
    return { error: { thrown } };
  }
}

function identified(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  let number = numbers.get(part);
  if (number === undefined) numbers.set(part, (number = ++lastNumber));
  return number;
}
