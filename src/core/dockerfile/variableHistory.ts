import { unknownPart, type Variables } from "./expandWord";

interface Assignment {
  readonly at: number;
  readonly value: string;
}

/** Base of a stage: `scratch`, which sets no variables, or `unknown`, an image or stage that may set any. */
export type Ground = "scratch" | "unknown";

/**
 * Variables of a stage, which change from instruction to instruction. Their values at any point can be read later,
 * without a copy for each point. A later ARG replaces an ENV and vice versa; a stage based on this one starts with
 * both, and its ENV values take precedence again.
 */
export class VariableHistory {
  readonly #assignments = new Map<string, Assignment[]>();
  /** Environment of the resulting image. */
  readonly #environment = new Map<string, string>();
  /** Assignments to variables with unknown names. */
  readonly #blurs: Assignment[] = [];
  /** Values found in the stages below, cached so that a long chain of stages is searched once for each name. */
  readonly #found = new Map<string, string | undefined>();
  #count = 0;

  /** @param ground base of the stage, which no longer changes */
  constructor(private readonly ground: VariableHistory | Ground) {}

  /** Sets a variable; a partly unknown name may be any variable. */
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

  /** Returns the variables as they are now, regardless of later assignments. */
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
    // An image may set it, and its value takes precedence again in each stage. The builder sets PATH if nothing else
    // does.
    return ground === "unknown" || name === "PATH" ? unknownPart : last;
  }
}

/** Returns the last assignment up to a time, by binary search. */
function latestOf(assignments: readonly Assignment[], time: number): Assignment | undefined {
  let [low, high] = [0, assignments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assignments[middle]?.at ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return assignments[low - 1];
}
