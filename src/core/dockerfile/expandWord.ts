/** What a variable holds: nothing for one whose value the Dockerfile does not tell. */
export type Variables = (name: string) => string | undefined;

/**
 * A word of an instruction as the builder reads it: quotes and escapes taken away, variables replaced.
 *
 * @returns nothing for a word that depends on an unknown variable, that is broken, or that uses a form seldom enough not to be read here
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
      const reference = /^\$(?:(\w+)|\{(\w+)(?::?([-+])([^${}]*))?\})/.exec(word.slice(i));
      const value = reference ? valueOf(reference, variables) : undefined;
      if (!reference || value === undefined) return undefined;
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
