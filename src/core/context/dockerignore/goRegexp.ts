import { namedClass, perlClass, rangeClass, unicodeClass, type CharacterTest } from "./characterClass";

/** Condition on a position in the text that matches without taking a character. */
export type Assertion = "start" | "end" | "wordBoundary" | "noWordBoundary";

/** Parsed regular expression. Classes are tests of one code point; a literal takes exactly the code point `only`. */
export type Expression =
  | { readonly kind: "character"; readonly test: CharacterTest; readonly only?: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly Expression[] }
  | { readonly kind: "choice"; readonly options: readonly Expression[] }
  | { readonly kind: "repeat"; readonly part: Expression; readonly min: number; readonly max: number };

/**
 * Thrown for an expression that Go's `regexp.Compile` rejects, and for one that would take too much time and memory.
 */
export class GoRegexpError extends Error {
  /** Position of the fault in the compiled text, in UTF-16 units. */
  at = 0;

  constructor(
    message: string,
    readonly isTooComplex = false,
  ) {
    super(message);
  }
}

const largestCount = 1000;
const assertions: Readonly<Record<string, Assertion>> = {
  A: "start",
  z: "end",
  b: "wordBoundary",
  B: "noWordBoundary",
};
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/**
 * Parses an expression that an ignore pattern can translate to: Go's syntax without flags and named groups, which a
 * pattern can't express.
 *
 * `RegExp` and `re2` are not used: the first backtracks, the second is a binary for one platform, and neither can
 * continue from its state after a folder's path.
 *
 * @throws GoRegexpError
 * @see https://pkg.go.dev/regexp/syntax
 */
export function parseGoRegexp(source: string): Expression {
  const parser = new Parser(source);
  try {
    const expression = parser.choice();
    if (!parser.atEnd) throw new GoRegexpError("unexpected )");
    return expression;
  } catch (error) {
    if (error instanceof GoRegexpError) error.at = parser.lastTaken;
    throw error;
  }
}

/** Returns the expression that matches a text literally. */
export function literal(text: string): Expression {
  return { kind: "sequence", parts: Array.from(text, (character) => one(character.codePointAt(0) ?? 0)) };
}

function one(code: number): Expression {
  return { kind: "character", test: (other) => other === code, only: code };
}

class Parser {
  #at = 0;
  readonly #lastClassEnd: number;

  constructor(private readonly source: string) {
    this.#lastClassEnd = source.lastIndexOf(":]");
  }

  get atEnd(): boolean {
    return this.#at >= this.source.length;
  }

  /** Index of the last UTF-16 unit that was read. */
  get lastTaken(): number {
    return Math.max(0, this.#at - 1);
  }

  choice(): Expression {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    return { kind: "choice", options };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    let repeated = false;
    while (!this.atEnd && !this.#peek("|") && !this.#peek(")")) {
      if (this.#take("\\Q")) {
        while (!this.atEnd && !this.#take("\\E")) parts.push(literal(this.#next()));
        repeated = false;
        continue;
      }
      const counts = this.#counts();
      if (!counts) {
        parts.push(this.#atom());
      } else {
        const part = parts.pop();
        if (!part) throw new GoRegexpError("missing argument to repetition operator");
        if (repeated) throw new GoRegexpError("invalid nested repetition operator");
        parts.push({ kind: "repeat", part, ...counts });
      }
      repeated = counts !== undefined;
    }
    return { kind: "sequence", parts };
  }

  #atom(): Expression {
    const character = this.#next();
    if (character === "\\") return this.#escape();
    if (character === "[") return { kind: "character", test: this.#class() };
    if (character === "^") return { kind: "assertion", assertion: "start" };
    if (character === "$") return { kind: "assertion", assertion: "end" };
    if (character === ".") return { kind: "character", test: (code) => code !== 10 };
    if (character !== "(") return literal(character);
    const group = this.choice();
    if (!this.#take(")")) throw new GoRegexpError("missing closing )");
    return group;
  }

  /** Reads a repetition operator; returns undefined if none follows. */
  #counts(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Infinity };
    if (this.#take("+")) return { min: 1, max: Infinity };
    if (this.#take("?")) return { min: 0, max: 1 };
    // Braces without a count are literal.
    const match = this.#peek("{") ? this.#match(/\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/y) : null;
    if (!match) return undefined;
    const min = countOf(match[1]);
    const max = match[3] !== undefined ? countOf(match[3]) : match[2] ? Infinity : min;
    if (min > max) throw new GoRegexpError("invalid repeat count");
    return { min, max };
  }

  /** Reads the rest of an escape sequence outside a class. */
  #escape(): Expression {
    const letter = this.#match(/[AzbB]/y)?.[0];
    if (letter) return { kind: "assertion", assertion: assertions[letter] ?? "start" };
    const test = this.#classEscape();
    if (test) return { kind: "character", test };
    return one(this.#escapedCode());
  }

  /** Reads a class escape such as `\d` after its backslash; returns undefined if none follows. */
  #classEscape(): CharacterTest | undefined {
    const letter = this.#match(/[dDsSwWpP]/y)?.[0];
    if (letter === undefined) return undefined;
    const perl = perlClass(letter);
    if (perl) return perl;
    const name = this.#match(/\{([^{}]*)\}/y)?.[1] ?? this.#next();
    const negated = name.startsWith("^");
    const test = unicodeClass(negated ? name.slice(1) : name);
    if (!test) throw new GoRegexpError("invalid character class range");
    return negated !== (letter === "P") ? (code) => !test(code) : test;
  }

  /** Reads the code point of an escape sequence after its backslash. */
  #escapedCode(): number {
    // A single digit other than 0 would be a backreference, which is refused below.
    const octal = this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal) return parseInt(octal[0], 8);
    const hex = this.#match(/x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y);
    if (hex) return codePointOf(hex[1] ?? hex[2] ?? "");
    const character = this.#next();
    const control = controls[character];
    if (control !== undefined) return control;
    if (/^[\0-\x7f]$/.test(character) && !/^[0-9A-Za-z]$/.test(character)) return character.charCodeAt(0);
    throw new GoRegexpError("invalid escape sequence");
  }

  /** Reads a class after its `[`. */
  #class(): CharacterTest {
    const negated = this.#take("^");
    const tests: CharacterTest[] = [];
    for (let first = true; first || !this.#peek("]"); first = false) tests.push(this.#classMember());
    this.#at++;
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  #classMember(): CharacterTest {
    const end = this.#at + 2 <= this.#lastClassEnd && this.#peek("[:") ? this.source.indexOf(":]", this.#at + 2) : -1;
    if (end >= 0) {
      const named = namedClass(this.source.slice(this.#at + 2, end));
      if (!named) throw new GoRegexpError("invalid character class range");
      this.#at = end + 2;
      return named;
    }
    if (this.#take("\\")) {
      const test = this.#classEscape();
      if (test) return test;
      this.#at--;
    }
    const low = this.#classCode();
    const next = this.source[this.#at + 1];
    if (!this.#peek("-") || next === undefined || next === "]") return rangeClass(low, low);
    this.#at++;
    const high = this.#classCode();
    if (high < low) throw new GoRegexpError("invalid character class range");
    return rangeClass(low, high);
  }

  #classCode(): number {
    if (this.atEnd) throw new GoRegexpError("missing closing ]");
    return this.#take("\\") ? this.#escapedCode() : (this.#next().codePointAt(0) ?? 0);
  }

  #peek(text: string): boolean {
    return this.source.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Matches a sticky expression at the current position, and moves past the match. */
  #match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.source);
    if (match) this.#at = sticky.lastIndex;
    return match;
  }

  /** Reads one code point. @throws GoRegexpError at the end of the text */
  #next(): string {
    const code = this.source.codePointAt(this.#at);
    if (code === undefined) throw new GoRegexpError("unexpected end");
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }
}

function codePointOf(hexDigits: string): number {
  const code = parseInt(hexDigits, 16);
  if (code > 0x10ffff) throw new GoRegexpError("invalid escape sequence");
  return code;
}

function countOf(digits = ""): number {
  const count = Number(digits);
  if (count > largestCount) throw new GoRegexpError("invalid repeat count");
  return count;
}
