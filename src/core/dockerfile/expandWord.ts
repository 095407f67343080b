import type { PatternBudget } from "./shellPattern";
import { ShellLexer, type Variables } from "./shellLexer";
import { unknownPart, WordError } from "./shellSubstitution";

export { unknownPart, type Variables };

/**
 * The longest word that is expanded, in characters: no path and no name is as long, and a value may be used again and
 * again.
 */
const longestWord = 65_536;

/** How many comparisons the patterns of one Dockerfile may take. */
const mostComparisons = 2_000_000;

/**
 * Expands a word as the builder does: quotes and escapes taken away, variables replaced.
 *
 * @returns nothing for a word that is broken, that gets too long, or that uses a form seldom enough not to be read here
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
    // The build fails at it, or takes a form that is not read here.
    if (error instanceof WordError) return undefined;
    throw error;
  }
}

/** Expands words of one Dockerfile as long as they do not come to too much in all; nothing more is known then. */
export class WordExpander {
  /** In characters. */
  #left = 16 * longestWord;
  readonly #budget: PatternBudget = { left: mostComparisons };

  /** @param escape the Dockerfile's escape character */
  constructor(private readonly escape: string) {}

  /**
   * Expands a word; see `expandWord`.
   *
   * @returns the word with `unknownPart` for what only the builder knows; `unknownPart` alone for a word that is broken
   * or gets too long
   */
  expand(word: string, variables: Variables): string {
    const result = (this.#left > 0 ? expandWord(word, this.escape, variables, this.#budget) : undefined) ?? unknownPart;
    return this.#counted(word, result);
  }

  /** Expands a here-document, in which quotes are characters like any other; otherwise as `expand`. */
  expandText(text: string, variables: Variables): string {
    const options = { escape: "\\", variables, longest: longestWord, budget: this.#budget, ignoresQuotes: true };
    return this.#counted(
      text,
      (this.#left > 0 ? read(() => new ShellLexer(text, options).expand()) : undefined) ?? unknownPart,
    );
  }

  /** Expands a word that may become several; undefined where `expand` returns `unknownPart`. */
  expandToWords(word: string, variables: Variables): string[] | undefined {
    const options = { escape: this.escape, variables, longest: longestWord, budget: this.#budget };
    const words = this.#left > 0 ? read(() => new ShellLexer(word, options).split()) : undefined;
    this.#counted(word, words?.join(" ") ?? "");
    return words;
  }

  /** What stands in the Dockerfile itself costs nothing more. */
  #counted(word: string, result: string): string {
    this.#left -= Math.max(0, result.length - word.length);
    return result;
  }
}

/** The text in front of the first unknown part. */
export function knownPrefix(text: string): string {
  const at = text.indexOf(unknownPart);
  return at < 0 ? text : text.slice(0, at);
}

/** Whether a part of a text is unknown. */
export function isPartlyUnknown(text: string): boolean {
  return text.includes(unknownPart);
}
