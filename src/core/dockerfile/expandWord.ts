import type { PatternBudget } from "./shellPattern";
import { ShellLexer, type Variables } from "./shellLexer";
import { unknownPart, WordError } from "./shellSubstitution";

export { unknownPart, type Variables };

/** Longest word that is expanded, in characters: no path or name is as long, and a value may be used repeatedly. */
const longestWord = 65_536;

/** Limit on the comparisons of the patterns in one Dockerfile. */
const mostComparisons = 2_000_000;

/**
 * Expands a word as the builder does: removes quotes and escapes, replaces variables.
 *
 * @returns undefined for a word that is invalid, gets too long, or uses a rare form that is not supported here
 */
export function expandWord(
  word: string,
  escape: string,
  variables: Variables,
  budget: PatternBudget = { left: mostComparisons },
): string | undefined {
  return read(() => new ShellLexer(word, { escape, variables, longest: longestWord, budget }).expand());
}

function read<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    // The build fails at this word, or it uses a form that is not supported here.
    if (error instanceof WordError) return undefined;
    throw error;
  }
}

/** Expands the words of one Dockerfile up to a total limit, after which all of them are unknown. */
export class WordExpander {
  /** Remaining growth of words, in characters. */
  #left = 16 * longestWord;
  readonly #budget: PatternBudget = { left: mostComparisons };

  /** @param escape escape character of the Dockerfile */
  constructor(private readonly escape: string) {}

  /**
   * Expands a word; see `expandWord`.
   *
   * @returns the word with `unknownPart` for parts that only the builder knows; only `unknownPart` for a word that is
   * invalid or gets too long
   */
  expand(word: string, variables: Variables): string {
    const result = (this.#left > 0 ? expandWord(word, this.escape, variables, this.#budget) : undefined) ?? unknownPart;
    return this.#counted(word, result);
  }

  /** Expands a here-document, in which quotes are ordinary characters; otherwise like `expand`. */
  expandText(text: string, variables: Variables): string {
    const options = { escape: "\\", variables, longest: longestWord, budget: this.#budget, ignoresQuotes: true };
    return this.#counted(
      text,
      (this.#left > 0 ? read(() => new ShellLexer(text, options).expand()) : undefined) ?? unknownPart,
    );
  }

  /** Expands a word that may become several words; undefined where `expand` returns `unknownPart`. */
  expandToWords(word: string, variables: Variables): string[] | undefined {
    const options = { escape: this.escape, variables, longest: longestWord, budget: this.#budget };
    const words = this.#left > 0 ? read(() => new ShellLexer(word, options).split()) : undefined;
    this.#counted(word, words?.join(" ") ?? "");
    return words;
  }

  /** Counts what a word has grown by: text that is already in the Dockerfile does not count. */
  #counted(word: string, result: string): string {
    this.#left -= Math.max(0, result.length - word.length);
    return result;
  }
}

/** Returns the text before the first unknown part. */
export function knownPrefix(text: string): string {
  const at = text.indexOf(unknownPart);
  return at < 0 ? text : text.slice(0, at);
}

/** Checks whether a part of a text is unknown. */
export function isPartlyUnknown(text: string): boolean {
  return text.includes(unknownPart);
}
