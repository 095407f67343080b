/** What a variable holds: nothing for one whose value the Dockerfile does not tell. */
export type Variables = (name: string) => string | undefined;

/** The longest word that is expanded, in characters: no path and no name is as long, and a value may be used again and again. */
export const longestWord = 65_536;

const referenceHere = /\$(?:(\w+)|\{(\w+)(?::?([-+])([^${}]*))?\})/y;

/**
 * A word of an instruction as the builder reads it: quotes and escapes taken away, variables replaced.
 *
 * @returns nothing for a word that depends on an unknown variable, that is broken, that gets too long, or that uses a form seldom
 * enough not to be read here
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandWord(word: string, escape: string, variables: Variables): string | undefined {
  let result = "";
  let quoted = false;
  for (let i = 0; i < word.length; i++) {
    const character = word.charAt(i);
    if (character === escape) {
      const next = word.charAt(++i);
      result += quoted && next !== '"' && next !== "$" && next !== escape ? escape + next : next;
    } else if (character === "'" && !quoted) {
      const end = word.indexOf("'", i + 1);
      if (end < 0) return undefined;
      result += word.slice(i + 1, end);
      i = end;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (character === "$") {
      referenceHere.lastIndex = i;
      const reference = referenceHere.exec(word);
      const value = reference ? valueOf(reference, variables) : undefined;
      if (!reference || value === undefined || result.length + value.length > longestWord) return undefined;
      result += value;
      i += reference[0].length - 1;
    } else {
      result += character;
    }
  }
  return quoted ? undefined : result;
}

/** `${name-word}` and `${name:-word}` differ only for a name that is set to nothing, which Docker's own documentation does not promise. */
function valueOf([, bare, braced = "", operator, word = ""]: RegExpExecArray, variables: Variables): string | undefined {
  const value = variables(bare ?? braced);
  // An unknown value may be set by the base image or on the command line.
  if (value === undefined || operator === undefined) return value;
  if (operator === "-") return value || word;
  return value && word;
}

/** Expands words of one Dockerfile as long as they do not come to too much in all; nothing more is known then. */
export class WordExpander {
  /** In characters. */
  #left = 16 * longestWord;

  /** @param escape the Dockerfile's escape character */
  constructor(private readonly escape: string) {}

  expand(word: string, variables: Variables): string | undefined {
    const result = this.#left > 0 ? expandWord(word, this.escape, variables) : undefined;
    // What stands in the Dockerfile itself costs nothing more.
    this.#left -= Math.max(0, (result?.length ?? 0) - word.length);
    return result;
  }
}
