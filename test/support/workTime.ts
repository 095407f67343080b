/**
 * How often a work that seems too slow is measured again: on a busy machine any single run may have been interrupted.
 */
const runs = 5;
/**
 * How much longer a work may take than its budget before a test fails: what is not linear takes hundreds of times as
 * long.
 */
export const slack = 5;
/** How long the calibration takes on a machine that the budgets are meant for, in ms. */
const calibratedMs = 8;

/** How long a synchronous work takes, in ms: while others have the processor, its time does not count. */
export function workMs(work: () => unknown): number {
  const begin = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.min(performance.now() - begin, (user + system) / 1000);
}

/** The shortest time of several runs, in ms; ends as soon as one is within the budget. */
export function leastWorkMs(work: () => unknown, budgetMs: number): number {
  let least = Infinity;
  for (let run = 0; run < runs && least > budgetMs; run++) least = Math.min(least, workMs(work));
  return least;
}

/** How much longer a fixed work takes here and now than it should; never less than once. */
export function howSlow(): number {
  return Math.max(1, Math.min(...Array.from({ length: 3 }, () => workMs(calibration))) / calibratedMs);
}

function calibration(): number {
  const words = new Map<string, number>();
  for (let i = 0; i < 200_000; i++) {
    const word = `word ${i % 997}`;
    words.set(word, (words.get(word) ?? 0) + word.charCodeAt(i % word.length));
  }
  return words.size;
}

/**
 * The budget of a work that is over it, and the time it took; nothing for one that is within it.
 *
 * @param budgetMs on a machine that has nothing else to do
 */
export function overBudget(work: () => unknown, budgetMs: number): string | undefined {
  const allowed = budgetMs * howSlow() * slack;
  const ms = leastWorkMs(work, allowed);
  return ms <= allowed ? undefined : `${ms.toFixed(0)} ms of ${allowed.toFixed(0)}`;
}
