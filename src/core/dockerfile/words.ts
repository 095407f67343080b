import { isSpace } from "../base/goText";
import { parseJson } from "../border/parseJson";

/** Word of an instruction and its position in the joined line. */
export interface PlacedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Name with its value; the value is undefined if only the name is written. */
export interface NameAndValue {
  readonly name: string;
  readonly value?: string;
}

/** Space between words. As in BuildKit, a no-break space does not separate words. */
const separator = /[\t\v\f\r ]/;

/** Splits a text at spaces, also inside quotes. */
export function splitAtSpaces(text: string, offset: number): PlacedWord[] {
  const words: PlacedWord[] = [];
  for (let at = 0; at < text.length;) {
    const start = at;
    while (at < text.length && !separator.test(text.charAt(at))) at++;
    if (at > start) words.push({ text: text.slice(start, at), start: offset + start, end: offset + at });
    else at++;
  }
  return words;
}

/**
 * Returns the texts of a JSON array; undefined for anything but an array of strings. The position of a word includes
 * its quotes.
 */
export function splitJson(text: string, offset: number): PlacedWord[] | undefined {
  let first = 0;
  while (first < text.length && isSpace(text.charAt(first))) first++;
  if (text.charAt(first) !== "[") return undefined;
  const values = parseJson(text);
  if (!Array.isArray(values)) return undefined;
  const words: PlacedWord[] = [];
  let at = first;
  for (const value of values as unknown[]) {
    if (typeof value !== "string") return undefined;
    const start = text.indexOf('"', at);
    at = start + 1;
    while (text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
    words.push({ text: value, start: offset + start, end: offset + ++at });
  }
  return words;
}

/** Splits a text at spaces outside of quotes; keeps quotes and escape characters. */
export function splitQuoted(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = "";
  let isWord = false;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    let character = text.charAt(at);
    if (quote === "" && isSpace(character)) {
      if (isWord) words.push(word);
      [word, isWord] = ["", false];
      continue;
    }
    if (character === escape && quote !== "'") {
      if (at + 1 === text.length) break;
      word += character;
      character = text.charAt(++at);
    } else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    word += character;
    isWord = true;
  }
  return isWord ? [...words, word] : words;
}

/** Returns the pairs of an ENV or LABEL, also in the old form `ENV name value`. */
export function pairsOf(text: string, escape: string): NameAndValue[] {
  const words = splitQuoted(text, escape);
  if (words[0]?.includes("=") === false) {
    const at = text.search(separator);
    return at <= 0
      ? []
      : [{ name: text.slice(0, at), value: text.slice(at + (/^[\t\v\f\r ]+/.exec(text.slice(at))?.[0].length ?? 0)) }];
  }
  return words.filter((word) => word.indexOf("=") > 0).map(nameAndValue);
}

/** Returns the arguments that an ARG declares. */
export function argumentsOf(text: string, escape: string): NameAndValue[] {
  return splitQuoted(text, escape)
    .map(nameAndValue)
    .filter(({ name }) => name !== "");
}

function nameAndValue(word: string): NameAndValue {
  const at = word.indexOf("=");
  return at < 0 ? { name: word } : { name: word.slice(0, at), value: word.slice(at + 1) };
}
