import { unknownPart, type Variables } from "./expandWord";

interface Assignment {
  readonly at: number;
  readonly value: string;
}

/** What a stage stands on: nothing, which sets no variables; an image or a stage that may set any. */
export type Ground = "scratch" | "unknown";

/**
 * Variables of a stage, which change from instruction to instruction. What they held at any point can be asked later,
 * without a copy for each. A later ARG replaces an ENV and the other way round; a stage on top begins with both, its
 * ENVs set once more.
 */
export class VariableHistory {
  readonly #assignments = new Map<string, Assignment[]>();
  /** What the image gets. */
  readonly #environment = new Map<string, string>();
  /** When a variable was set whose name is not known. */
  readonly #blurs: Assignment[] = [];
  /** What was found below, so that a long row of stages is gone through once for each name. */
  readonly #found = new Map<string, string | undefined>();
  #count = 0;

  /** @param ground the stage below, which changes no more */
  constructor(private readonly ground: VariableHistory | Ground) {}

  /** Sets a variable; one whose name is not known may be any. */
  set(name: string, value: string, isOfImage = false): void {
    const assignment = { at: ++this.#count, value };
    if (name.includes(unknownPart)) {
      this.#blurs.push(assignment);
      return;
    }
    const earlier = this.#assignments.get(name);
    if (earlier) earlier.push(assignment);
    else this.#assignments.set(name, [assignment]);
    if (isOfImage) this.#environment.set(name, value);
  }

  /** The variables as they are now, whatever is set later. */
  asOfNow(): Variables {
    const now = this.#count;
    return (name) => this.#valueAt(name, now);
  }

  #valueAt(name: string, time: number): string | undefined {
    const own = latestOf(this.#assignments.get(name) ?? [], time);
    if ((latestOf(this.#blurs, time)?.at ?? 0) > (own?.at ?? 0)) return unknownPart;
    return own?.value ?? this.#inherited(name);
  }

  #inherited(name: string): string | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#find(name));
    return this.#found.get(name);
  }

  #find(name: string): string | undefined {
    let last: string | undefined;
    let ground = this.ground;
    while (typeof ground === "object") {
      const fromImage = ground.#blurs.length > 0 ? unknownPart : ground.#environment.get(name);
      if (fromImage !== undefined) return fromImage;
      last ??= ground.#assignments.get(name)?.at(-1)?.value;
      ground = ground.ground;
    }
    // An image may set it, and its value counts again in each stage. The builder sets the PATH where nobody does.
    return ground === "unknown" || name === "PATH" ? unknownPart : last;
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
