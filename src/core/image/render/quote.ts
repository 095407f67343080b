/** Build argument with a line break, which no instruction's value can contain; {@link buildArgsOf} sets it. */
export const newlineArg = "IMAGE_BUILDERS_NEWLINE";

const plainWord = /^[\w./:@%+,=-]+$/;

/**
 * Returns a value of ENV, LABEL or WORKDIR, in quotes where it needs them. Everything in it is literal.
 *
 * @param expands the variables of which `$NAME` and `${NAME}` in the value are replaced by what they hold so far
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function dockerWord(value: string, expands: (name: string) => boolean = () => false): string {
  if (plainWord.test(value)) return value;
  const quoted = value.replace(/\$(?:(\w+)|\{(\w+)\})|[\\"$]/g, (text, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return `\\${text}`;
    return expands(name) ? `\${${name}}` : `\\${text}`;
  });
  return `"${quoted.replaceAll("\n", `\${${newlineArg}}`)}"`;
}

/** Returns the build arguments that a Dockerfile's text requires. */
export function buildArgsOf(text: string): Record<string, string> {
  return text.includes(`ARG ${newlineArg}\n`) ? { [newlineArg]: "\n" } : {};
}

/** Quotes a word for a shell if necessary. */
export function shellWord(value: string): string {
  return plainWord.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Quotes a word for a shell, which expands `$NAME` and `${NAME}` only for the given names. */
export function shellWordWith(value: string, names: readonly string[]): string {
  const reference = /\$(?:(\w+)|\{(\w+)\})/g;
  const isKnown = (bare?: string, braced?: string): boolean => names.includes(bare ?? braced ?? "");
  if (!Array.from(value.matchAll(reference)).some(([, bare, braced]) => isKnown(bare, braced))) return shellWord(value);
  const quoted = value.replace(/\$(?:(\w+)|\{(\w+)\})|[\\"`$]/g, (text, bare?: string, braced?: string) =>
    isKnown(bare, braced) ? text : `\\${text}`,
  );
  return `"${quoted}"`;
}

/** Returns the sources and the destination of a COPY; the sources need no quoting. */
export function copyWords(sources: readonly string[], destination: string): string {
  if (/^[\p{L}\p{N}_./@+-]+$/u.test(destination)) return [...sources, destination].join(" ");
  return JSON.stringify([...sources, destination.replace(/[\\"'$]/g, "\\$&")]);
}
