/** How often a work that seems too slow is measured again: on a busy machine any single run may have been interrupted. */
const runs = 5;

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
