import { MatchingLimits } from "./matchingLimits";
import type { Matcher, Place } from "./matcher";
import { compileProgram, endsWithinName, type Instruction } from "./program";
import { Kind, ProgramArrays } from "./programArrays";
import type { Expression } from "./goRegexp";

/** Cache limit of one automaton, in numbers, in addition to the limit of its list. A full cache is cleared. */
const largestCache = 1_000_000;
/** Size of a cached state without its instructions, in numbers. */
const placeSize = 128;

/**
 * Matches text in time linear in its length for any expression: follows all ways to match at once, and caches each set
 * of them as one state. Text can be passed in pieces, so the path of a folder is matched only once.
 */
export class Automaton implements Matcher {
  readonly start: Place;
  /** Number of instructions. */
  readonly size: number;
  readonly #finder: PlaceFinder;

  /**
   * @param largest maximum number of instructions
   * @throws GoRegexpError if there would be more
   */
  constructor(expression: Expression, largest = Infinity, limits = new MatchingLimits()) {
    const program = compileProgram(expression, largest);
    this.size = program.length;
    this.#finder = new PlaceFinder(program, limits);
    this.start = this.#finder.first();
  }

  /** Clears the cache. */
  forget(): void {
    this.#finder.forget();
  }

  /** Returns the state after `text`, starting from `from`. */
  run(from: Place, text: string): Place {
    let place = from as CachedPlace;
    for (let i = 0; i < text.length && !place.settled; i++) {
      const code = text.codePointAt(i) ?? 0;
      if (code > 0xffff) i++;
      place = this.#finder.after(place, code);
    }
    return place;
  }

  /**
   * Whether the text matches when followed by `name`, which contains no slash. Stops as soon as only a slash could lead
   * to a match.
   */
  acceptsName(from: Place, name: string): boolean {
    let place = from as CachedPlace;
    for (let i = 0; i < name.length && !place.settled && place.mayEndInName; i++) {
      const code = name.codePointAt(i) ?? 0;
      if (code > 0xffff) i++;
      place = this.#finder.after(place, code);
    }
    return place.accepts;
  }
}

/** Set of possible next instructions, with the facts about the preceding text that assertions need. */
class CachedPlace implements Place {
  ascii: (CachedPlace | undefined)[] = [];
  others: Map<number, CachedPlace> | undefined;
  #accepts: boolean | undefined;
  #mayEndInName: boolean | undefined;

  constructor(
    readonly instructions: Uint32Array,
    readonly afterNothing: boolean,
    readonly afterWord: boolean,
    private readonly finder: PlaceFinder,
    private readonly matched = false,
  ) {}

  /**
   * Drops the links to the next states. States refer to each other, so a single one in use would keep all of them in
   * memory.
   */
  forget(): void {
    this.ascii = [];
    this.others = undefined;
  }

  get dead(): boolean {
    return this.instructions.length === 0 && !this.matched;
  }

  /** Whether further text can't change the result. */
  get settled(): boolean {
    return this.instructions.length === 0;
  }

  get accepts(): boolean {
    return (this.#accepts ??= this.matched || this.finder.reaches(this, undefined).matches);
  }

  /** Whether a match is possible before the next slash. */
  get mayEndInName(): boolean {
    return (this.#mayEndInName ??= this.matched || this.finder.endsInName(this));
  }
}

class PlaceFinder {
  readonly #places = new Map<string, CachedPlace>();
  #cacheSize = 0;
  #isFull = false;
  #mark = 0;
  #endsWithinName: Uint8Array | undefined;
  // Created on first use, because most patterns of a long list are never run.
  #lazyArrays: ProgramArrays | undefined;
  #lazyTraits: { readonly floats: boolean; readonly asksForWords: boolean } | undefined;
  #lazyMatched: CachedPlace | undefined;
  #first: CachedPlace | undefined;

  constructor(
    private readonly program: readonly Instruction[],
    private readonly limits: MatchingLimits,
  ) {}

  get #arrays(): ProgramArrays {
    return (this.#lazyArrays ??= new ProgramArrays(this.program));
  }

  get #matched(): CachedPlace {
    return (this.#lazyMatched ??= new CachedPlace(new Uint32Array(0), false, false, this, true));
  }

  /** Whether a match may begin after the start of the text (`floats`), and whether word boundaries matter. */
  get #traits(): { readonly floats: boolean; readonly asksForWords: boolean } {
    return (this.#lazyTraits ??= {
      floats: [false, true].some((afterWord) =>
        [undefined, 47, 97].some((next) => {
          const { matches, characters } = this.reaches(
            new CachedPlace(new Uint32Array(1), false, afterWord, this),
            next,
          );
          return matches || characters > 0;
        }),
      ),
      asksForWords: this.program.some(
        (instruction) => "assertion" in instruction && instruction.assertion.endsWith("ordBoundary"),
      ),
    });
  }

  endsInName({ instructions }: CachedPlace): boolean {
    this.#endsWithinName ??= endsWithinName(this.program);
    return instructions.some((at) => this.#endsWithinName?.[at] === 1);
  }

  first(): CachedPlace {
    return (this.#first ??= new CachedPlace(new Uint32Array(1), true, false, this));
  }

  after(place: CachedPlace, code: number): CachedPlace {
    const known = code < 128 ? place.ascii[code] : place.others?.get(code);
    if (known) return known;
    const next = this.#find(place, code);
    if (code < 128) {
      place.ascii[code] = next;
    } else {
      (place.others ??= new Map()).set(code, next);
      this.#keep(1);
    }
    return next;
  }

  /**
   * Follows a state's instructions up to the next code point, `undefined` at the end of the text. Returns whether the
   * match is already complete, and the number of character instructions reached; they are in `#arrays.characters`
   * until the next call.
   */
  reaches(place: CachedPlace, next: number | undefined): { matches: boolean; characters: number } {
    const { kinds, marks, pending, characters } = this.#arrays;
    const mark = ++this.#mark;
    const wordAhead = next !== undefined && isWord(next);
    let left = 0;
    let found = 0;
    const visit = (at: number): void => {
      if (marks[at] === mark) return;
      marks[at] = mark;
      pending[left++] = at;
    };
    for (const at of place.instructions) visit(at);
    while (left > 0) {
      const at = pending[--left] ?? 0;
      const kind = kinds[at];
      if (kind === Kind.Match) return { matches: true, characters: 0 };
      if (kind === Kind.Character) {
        characters[found++] = at;
        continue;
      }
      const instruction = this.program[at];
      if (!instruction || "test" in instruction) continue;
      if ("goTo" in instruction) instruction.goTo.forEach(visit);
      else if (this.#holds(instruction.assertion, place, next, wordAhead)) visit(at + 1);
    }
    return { matches: false, characters: found };
  }

  #holds(assertion: string, place: CachedPlace, next: number | undefined, wordAhead: boolean): boolean {
    if (assertion === "start") return place.afterNothing;
    if (assertion === "end") return next === undefined;
    return (place.afterWord !== wordAhead) === (assertion === "wordBoundary");
  }

  #find(place: CachedPlace, code: number): CachedPlace {
    const { floats, asksForWords } = this.#traits;
    const { matches, characters } = this.reaches(place, code);
    if (matches) return this.#matched;
    const { characters: reached, pending: next, only } = this.#arrays;
    let length = 0;
    if (floats) next[length++] = 0;
    for (let i = 0; i < characters; i++) {
      const at = reached[i] ?? 0;
      const literal = only[at] ?? -1;
      if (literal < 0 ? this.#takes(at, code) : literal === code) next[length++] = at + 1;
    }
    const instructions = next.slice(0, length).sort();
    const afterWord = asksForWords && isWord(code);
    const key = `${afterWord} ${Buffer.from(instructions.buffer).toString("latin1")}`;
    let found = this.#places.get(key);
    if (found) return found;
    if (this.#isFull) this.forget();
    found = new CachedPlace(instructions, false, afterWord, this);
    this.#places.set(key, found);
    this.#keep(placeSize + 2 * instructions.length);
    return found;
  }

  #takes(at: number, code: number): boolean {
    const instruction = this.program[at];
    return instruction !== undefined && "test" in instruction && instruction.test(code);
  }

  forget(): void {
    for (const place of this.#places.values()) place.forget();
    this.#first?.forget();
    this.#places.clear();
    this.limits.release(this.#cacheSize);
    this.#cacheSize = 0;
    this.#isFull = false;
  }

  #keep(numbers: number): void {
    this.#cacheSize += numbers;
    this.#isFull = !this.limits.keep(numbers) || this.#cacheSize > largestCache;
  }
}

/** Whether `\b` treats a code point as part of a word. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
