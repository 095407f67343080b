import { replaceMatches, trimMatch, type PatternBudget } from "./shellPattern";

/** Placeholder in a value for a part that only the builder knows. Unicode has no character U+FFFF. */
export const unknownPart = "\uffff";

/** Error for a word that BuildKit refuses, that gets too long, or whose form is not supported here. */
export class WordError extends Error {}

/** Form of a variable, such as `${name:-word}`. */
export interface Substitution {
  /** Of the variable. */
  readonly name: string;
  /** Operator: `-`, `+`, `?`, `#`, or `%`. */
  readonly kind: string;
  /** Whether a colon makes an empty value count as unset. */
  readonly isNullUnset: boolean;
  readonly word: string;
  readonly budget: PatternBudget;
}

/** Form of a variable such as `${name/pattern/replacement}`. */
export interface Replacement {
  readonly pattern: string;
  readonly replacement: string;
  readonly isEach: boolean;
  readonly budget: PatternBudget;
}

/**
 * Applies a form to a variable's value, which is undefined if the variable is not set.
 *
 * @throws WordError
 */
export function substituted(
  value: string | undefined,
  { name, kind, isNullUnset, word, budget }: Substitution,
): string {
  if (value !== undefined && isAllUnknown(value)) return unknownPart;
  if (kind === "#" || kind === "%") {
    const isLongest = word.startsWith(kind);
    const side = kind === "#" ? "start" : "end";
    const trim = (text: string): string | undefined =>
      trimMatch(text, isLongest ? word.slice(1) : word, side, isLongest, budget);
    return byPattern(value ?? "", word, trim);
  }
  const isUnset = value === undefined || (isNullUnset && value === "");
  if (kind === "-") return isUnset ? word : value;
  if (kind === "+") return isUnset ? "" : word;
  if (isUnset)
    throw new WordError(`${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`);
  return value;
}

/**
 * Replaces a pattern's matches in a variable's value.
 *
 * @throws WordError
 */
export function replaced(value: string, { pattern, replacement, isEach, budget }: Replacement): string {
  return byPattern(value, pattern + replacement, (text) => replaceMatches(text, pattern, replacement, isEach, budget));
}

function byPattern(value: string, words: string, apply: (value: string) => string | undefined): string {
  if (value.includes(unknownPart) || words.includes(unknownPart)) return unknownPart;
  const result = apply(value);
  if (result === undefined) throw new WordError("a pattern that is not read here");
  return result;
}

/** Checks whether a value is completely unknown, including whether it is set. */
function isAllUnknown(value: string): boolean {
  return value.startsWith(unknownPart) && value === unknownPart.repeat(value.length);
}
