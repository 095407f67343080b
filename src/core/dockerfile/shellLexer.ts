import { isSpace } from "../base/goText";
import type { PatternBudget } from "./shellPattern";
import { replaced, substituted, WordError } from "./shellSubstitution";

/**
 * Returns the value of a variable, undefined if it is not set. A value that consists only of unknown parts may also be
 * unset.
 */
export type Variables = (name: string) => string | undefined;

/** Options for reading words. */
export interface LexerOptions {
  readonly escape: string;
  readonly variables: Variables;
  /** Whether to keep quotes. */
  readonly keepsQuotes?: boolean;
  /** Whether quotes are ordinary characters, as in here-documents. */
  readonly ignoresQuotes?: boolean;
  /** Whether to keep escape characters. */
  readonly keepsEscapes?: boolean;
  /** Whether to keep variables that are not set as they are written. */
  readonly keepsUnset?: boolean;
  /** Longest result, in characters. */
  readonly longest: number;
  readonly budget: PatternBudget;
}

/** Limit on nested braces, each level of which is a recursive call. */
const deepest = 64;
const specialNames = "@*#?-$!";
const unclosed = "syntax error: missing '}'";

/**
 * Reads a text by the shell rules of BuildKit: quotes, escape characters, variables with their forms. What BuildKit
 * refuses throws its own words.
 *
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export class ShellLexer {
  #at = 0;
  #depth = 0;
  readonly #words: string[] = [];
  #word = "";
  #isInWord = false;

  constructor(
    private readonly text: string,
    private readonly options: LexerOptions,
  ) {}

  /**
   * Returns the expanded text.
   *
   * @throws WordError
   */
  expand(): string {
    return this.#readTo("", this.options.keepsEscapes ?? false);
  }

  /**
   * Splits the expanded text at spaces that are not quoted.
   *
   * @throws WordError
   */
  split(): string[] {
    this.expand();
    return this.#word === "" ? this.#words : [...this.#words, this.#word];
  }

  /** Reads up to the character `stop`, or to the end of the text if that is empty. */
  #readTo(stop: string, keepsEscapes: boolean): string {
    if (this.#depth > deepest) throw new WordError("too deep");
    let result = "";
    while (this.#at < this.text.length) {
      const character = this.text.charAt(this.#at);
      if (stop !== "" && character === stop) {
        this.#at++;
        return result;
      }
      let piece = character;
      let isSplit = false;
      const isQuote = this.options.ignoresQuotes !== true;
      if (character === "'" && isQuote) piece = this.#singleQuoted();
      else if (character === '"' && isQuote) piece = this.#doubleQuoted(keepsEscapes);
      else if (character === "$") [piece, isSplit] = [this.#variable(), true];
      else if (character === "<") piece = this.#less();
      else if (character === this.options.escape) {
        piece = (keepsEscapes ? character : "") + this.text.charAt(this.#at + 1);
        this.#at += 2;
      } else {
        this.#at++;
        isSplit = true;
      }
      result += piece;
      if (result.length > this.options.longest) throw new WordError("too long");
      if (this.#depth === 0) this.#addToWord(piece, isSplit);
    }
    if (stop !== "") throw new WordError(`unexpected end of statement while looking for matching ${stop}`);
    return result;
  }

  #addToWord(piece: string, isSplit: boolean): void {
    if (!isSplit) {
      this.#word += piece;
      this.#isInWord = true;
      return;
    }
    for (const character of piece) {
      if (!isSpace(character)) {
        this.#word += character;
        this.#isInWord = true;
      } else if (this.#isInWord && this.#word !== "") {
        this.#words.push(this.#word);
        [this.#word, this.#isInWord] = ["", false];
      }
    }
  }

  #singleQuoted(): string {
    const end = this.text.indexOf("'", this.#at + 1);
    if (end < 0) {
      this.#at = this.text.length;
      throw new WordError("unexpected end of statement while looking for matching single-quote");
    }
    const quoted = this.options.keepsQuotes ? this.text.slice(this.#at, end + 1) : this.text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return quoted;
  }

  #doubleQuoted(keepsEscapes: boolean): string {
    const quote = this.options.keepsQuotes ? '"' : "";
    let result = quote;
    this.#at++;
    while (this.#at < this.text.length) {
      const character = this.text.charAt(this.#at);
      if (character === '"') {
        this.#at++;
        return result + quote;
      }
      if (character === "$") {
        result += this.#variable();
        if (result.length > this.options.longest) throw new WordError("too long");
        continue;
      }
      this.#at++;
      if (character !== this.options.escape) {
        result += character;
        continue;
      }
      if (keepsEscapes) result += character;
      const next = this.text.charAt(this.#at);
      if (next === "") break;
      const isEscaped = next === '"' || next === "$" || next === this.options.escape;
      result += isEscaped ? next : character;
      if (isEscaped) this.#at++;
    }
    throw new WordError("unexpected end of statement while looking for matching double-quote");
  }

  /** Reads `<<` with the spaces after it, so that the start of a here-document is one word. */
  #less(): string {
    const start = this.#at++;
    if (this.text.charAt(this.#at) !== "<") return "<";
    this.#at++;
    while (this.#at < this.text.length && "\t\r ".includes(this.text.charAt(this.#at))) this.#at++;
    return this.text.slice(start, this.#at);
  }

  #variable(): string {
    this.#at++;
    if (this.text.charAt(this.#at) !== "{") {
      const name = this.#name();
      if (name === "") return "$";
      return this.options.variables(name) ?? (this.options.keepsUnset ? `$${name}` : "");
    }
    this.#at++;
    if (this.#at >= this.text.length) throw new WordError(unclosed);
    if ("{}:".includes(this.text.charAt(this.#at))) throw new WordError("syntax error: bad substitution");
    const name = this.#name();
    let operator = this.text.charAt(this.#at++);
    if (operator === "}") return this.options.variables(name) ?? (this.options.keepsUnset ? `\${${name}}` : "");
    if (operator === ":") operator += this.text.charAt(this.#at++);
    this.#depth++;
    const value = operator === "/" ? this.#replaced(name) : this.#modified(name, operator);
    this.#depth--;
    return value;
  }

  #modified(name: string, operator: string): string {
    const isNullUnset = operator.startsWith(":");
    const kind = operator.slice(-1);
    const isPattern = kind === "#" || kind === "%";
    if (operator === "" || operator === ":" || !"-+?#%".includes(kind) || (isNullUnset && isPattern))
      throw new WordError(`unsupported modifier (${operator}) in substitution`);
    const word = this.#readPart("}", isPattern, unclosed);
    const value = this.options.variables(name);
    if (value === undefined && this.options.keepsUnset) return `\${${name}${operator}${word}}`;
    return substituted(value, { name, kind, isNullUnset, word, budget: this.options.budget });
  }

  /** Reads a part of a form; what else is wrong with one that is not closed is not told, as by BuildKit. */
  #readPart(stop: string, keepsEscapes: boolean, fault: string): string {
    try {
      return this.#readTo(stop, keepsEscapes);
    } catch (error) {
      if (error instanceof WordError && this.#at >= this.text.length) throw new WordError(fault);
      throw error;
    }
  }

  #replaced(name: string): string {
    const isEach = this.text.charAt(this.#at) === "/";
    if (isEach) this.#at++;
    const pattern = this.#readPart("/", true, "syntax error: missing '/' in ${}");
    const replacement = this.#readPart("}", true, unclosed);
    const value = this.options.variables(name);
    if (value === undefined && this.options.keepsUnset) return `\${${name}/${pattern}/${replacement}}`;
    return replaced(value ?? "", { pattern, replacement, isEach, budget: this.options.budget });
  }

  /** Reads a variable's name: only digits, one special character, or letters, digits, and underscores. */
  #name(): string {
    const start = this.#at;
    const first = characterAt(this.text, start);
    if (first !== "" && specialNames.includes(first)) this.#at++;
    else if (/^\p{Nd}$/u.test(first)) this.#skip(/^\p{Nd}$/u);
    else this.#skip(/^[\p{L}\p{Nd}_]$/u);
    return this.text.slice(start, this.#at);
  }

  #skip(allowed: RegExp): void {
    for (let next = characterAt(this.text, this.#at); allowed.test(next); next = characterAt(this.text, this.#at))
      this.#at += next.length;
  }
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}
