import { MatchingLimits } from "./matchingLimits";
import { compileProgram, endsWithinName, type Instruction } from "./program";
import type { Expression } from "./goRegexp";

/** Where an automaton stands after a text: give it back to go on with what follows. */
export interface Place {
  /** Whether the text so far matches. */
  readonly accepts: boolean;
  /** Whether nothing that follows can make it match. */
  readonly dead: boolean;
}

/** Matches texts, which can be taken in pieces. */
export interface Matcher {
  readonly start: Place;
  /** How much there is to look at for each character. */
  readonly size: number;
  /** The place after `text`, begun at `from`, which is one of this matcher's. */
  run(from: Place, text: string): Place;
  /** Whether the text matches once `name` follows, which holds no slash. */
  acceptsName(from: Place, name: string): boolean;
  /** Forgets what was found out while matching. */
  forget(): void;
}

/** Places are found once and kept, up to this many numbers in all, or as its list may; then finding begins anew. */
const largestCache = 1_000_000;
/** What a place takes besides its instructions. */
const placeSize = 128;

/**
 * Matches texts against an expression in time linear in the text, whatever the expression: all ways to match are
 * followed at once, and each set of ways met is kept as one place. A text can be taken in pieces, so a folder's part is
 * matched once.
 */
export class Automaton implements Matcher {
  readonly start: Place;
  /** How many instructions there are. */
  readonly size: number;
  readonly #finder: PlaceFinder;

  /**
   * @param largest how many instructions there may be
   * @throws GoRegexpError when there would be more
   */
  constructor(expression: Expression, largest = Infinity, limits = new MatchingLimits()) {
    const program = compileProgram(expression, largest);
    this.size = program.length;
    this.#finder = new PlaceFinder(program, limits);
    this.start = this.#finder.first();
  }

  /** Forgets what was found out while matching. */
  forget(): void {
    this.#finder.forget();
  }

  /** The place after `text`, begun at `from`. */
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
   * Whether the text matches once `name` follows, which holds no slash: as `run`, but it ends as soon as a slash would
   * be needed.
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

/** A set of instructions that can be next, with what assertions need to know about the text before. */
class CachedPlace implements Place {
  ascii: (CachedPlace | undefined)[] = [];
  others: Map<number, CachedPlace> | undefined;
  #accepts: boolean | undefined;
  #mayEndInName: boolean | undefined;

  constructor(
    readonly instructions: readonly number[],
    readonly afterNothing: boolean,
    readonly afterWord: boolean,
    private readonly finder: PlaceFinder,
    private readonly matched = false,
  ) {}

  /** Forgets which places follow: they hold on to each other, however few are still looked up. */
  forget(): void {
    this.ascii = [];
    this.others = undefined;
  }

  get dead(): boolean {
    return this.instructions.length === 0 && !this.matched;
  }

  /** Whether what follows makes no difference. */
  get settled(): boolean {
    return this.instructions.length === 0;
  }

  get accepts(): boolean {
    return (this.#accepts ??= this.matched || this.finder.reaches(this, undefined).matches);
  }

  /** Whether a match can come before the next slash. */
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
  // Most patterns of a long list are never run, so that these are made when they are needed first.
  #lazyMarks: Uint32Array | undefined;
  #lazyTraits: { readonly floats: boolean; readonly asksForWords: boolean } | undefined;
  #lazyMatched: CachedPlace | undefined;
  #first: CachedPlace | undefined;

  constructor(
    private readonly program: readonly Instruction[],
    private readonly limits: MatchingLimits,
  ) {}

  get #marks(): Uint32Array {
    return (this.#lazyMarks ??= new Uint32Array(this.program.length));
  }

  get #matched(): CachedPlace {
    return (this.#lazyMatched ??= new CachedPlace([], false, false, this, true));
  }

  /** Whether a match may begin later than at the start of the text, and whether words make a difference. */
  get #traits(): { readonly floats: boolean; readonly asksForWords: boolean } {
    return (this.#lazyTraits ??= {
      floats: [false, true].some((afterWord) =>
        [undefined, 47, 97].some((next) => {
          const { matches, characters } = this.reaches(new CachedPlace([0], false, afterWord, this), next);
          return matches || characters.length > 0;
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
    return (this.#first ??= new CachedPlace([0], true, false, this));
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

  /** What can take the next character, and whether the match is complete before it; no `next` stands for the end. */
  reaches(place: CachedPlace, next: number | undefined): { matches: boolean; characters: number[] } {
    const mark = ++this.#mark;
    const marks = this.#marks;
    const wordAhead = next !== undefined && isWord(next);
    const pending = [...place.instructions];
    const characters: number[] = [];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (marks[at] === mark) continue;
      marks[at] = mark;
      const instruction = this.program[at];
      if (!instruction) return { matches: true, characters: [] };
      if ("test" in instruction) characters.push(at);
      else if ("goTo" in instruction) pending.push(...instruction.goTo);
      else if (this.#holds(instruction.assertion, place, next, wordAhead)) pending.push(at + 1);
    }
    return { matches: false, characters };
  }

  #holds(assertion: string, place: CachedPlace, next: number | undefined, wordAhead: boolean): boolean {
    if (assertion === "start") return place.afterNothing;
    if (assertion === "end") return next === undefined;
    return (place.afterWord !== wordAhead) === (assertion === "wordBoundary");
  }

  #find(place: CachedPlace, code: number): CachedPlace {
    const { matches, characters } = this.reaches(place, code);
    if (matches) return this.#matched;
    const next = new Set<number>();
    for (const at of characters) {
      const instruction = this.program[at];
      if (instruction && "test" in instruction && instruction.test(code)) next.add(at + 1);
    }
    const { floats, asksForWords } = this.#traits;
    if (floats) next.add(0);
    const instructions = [...next].sort((a, b) => a - b);
    const afterWord = asksForWords && isWord(code);
    const key = `${afterWord} ${instructions.join()}`;
    let found = this.#places.get(key);
    if (found) return found;
    if (this.#isFull) this.forget();
    found = new CachedPlace(instructions, false, afterWord, this);
    this.#places.set(key, found);
    this.#keep(placeSize + 2 * instructions.length);
    return found;
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

/** As `\b` sees it. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
