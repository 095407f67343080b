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
    readonly instructions: Uint32Array,
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
  #lazySpace: Space | undefined;
  #lazyTraits: { readonly floats: boolean; readonly asksForWords: boolean } | undefined;
  #lazyMatched: CachedPlace | undefined;
  #first: CachedPlace | undefined;

  constructor(
    private readonly program: readonly Instruction[],
    private readonly limits: MatchingLimits,
  ) {}

  get #space(): Space {
    return (this.#lazySpace ??= new Space(this.program));
  }

  get #matched(): CachedPlace {
    return (this.#lazyMatched ??= new CachedPlace(new Uint32Array(0), false, false, this, true));
  }

  /** Whether a match may begin later than at the start of the text, and whether words make a difference. */
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
   * Whether the match is complete before the next character, and how many instructions can take it, which stand in
   * `#space.characters` until the next call; no `next` stands for the end.
   */
  reaches(place: CachedPlace, next: number | undefined): { matches: boolean; characters: number } {
    const { kinds, marks, pending, characters } = this.#space;
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
    const { characters: reached, pending: next, only } = this.#space;
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

const Kind = { Match: 0, Character: 1, Other: 2 } as const;

/**
 * A program in numbers, and space to follow it: hostile patterns go on at thousands of places for each character, where
 * looking at objects takes long.
 */
class Space {
  readonly kinds: Uint8Array;
  /** The only character that an instruction takes, or -1. */
  readonly only: Int32Array;
  /** By instruction, the last search that has met it. */
  readonly marks: Uint32Array;
  readonly pending: Uint32Array;
  readonly characters: Uint32Array;

  constructor(program: readonly Instruction[]) {
    const size = program.length + 1;
    this.kinds = new Uint8Array(size);
    this.only = new Int32Array(size).fill(-1);
    this.marks = new Uint32Array(size);
    this.pending = new Uint32Array(size + 1);
    this.characters = new Uint32Array(size);
    program.forEach((instruction, at) => {
      this.kinds[at] = "test" in instruction ? Kind.Character : Kind.Other;
      if ("test" in instruction && instruction.only !== undefined) this.only[at] = instruction.only;
    });
  }
}

/** As `\b` sees it. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
