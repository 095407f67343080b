import type { Variables } from "./expandWord";

interface Assignment {
  readonly at: number;
  /** Nothing for a value that the Dockerfile does not tell. */
  readonly value: string | undefined;
}

/** Variables that change from instruction to instruction. What they held at any point can be asked later, without a copy for each. */
export class VariableHistory {
  readonly #assignments = new Map<string, Assignment[]>();
  readonly #parent: VariableHistory | undefined;
  #count = 0;

  /** @param parent what holds until it is set here; it changes no more */
  constructor(parent?: VariableHistory) {
    this.#parent = parent && parent.#count === 0 ? parent.#parent : parent;
  }

  has(name: string): boolean {
    for (let each: VariableHistory | undefined = this as VariableHistory; each; each = each.#parent)
      if (each.#assignments.has(name)) return true;
    return false;
  }

  get(name: string): string | undefined {
    return this.#valueAt(name, this.#count);
  }

  set(name: string, value: string | undefined): void {
    const assignment = { at: ++this.#count, value };
    const earlier = this.#assignments.get(name);
    if (earlier) earlier.push(assignment);
    else this.#assignments.set(name, [assignment]);
  }

  /** The variables as they are now, whatever is set later. */
  asOfNow(): Variables {
    const now = this.#count;
    return (name) => this.#valueAt(name, now);
  }

  #valueAt(name: string, time: number): string | undefined {
    const own = latestOf(this.#assignments.get(name) ?? [], time);
    if (own) return own.value;
    for (let each = this.#parent; each; each = each.#parent) {
      const last = each.#assignments.get(name)?.at(-1);
      if (last) return last.value;
    }
    return undefined;
  }
}

/** The last assignment up to a time, found by halving. */
function latestOf(assignments: readonly Assignment[], time: number): Assignment | undefined {
  let [low, high] = [0, assignments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assignments[middle]?.at ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return assignments[low - 1];
}
