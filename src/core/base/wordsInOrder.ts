/** What a text is looked through for: a regular expression, or words that come one after the other. */
export interface WordTest {
  test(text: string): boolean;
}

/**
 * Finds texts of which a line holds one thing and, somewhere behind it, another. A regular expression `a.*b` would take
 * quadratic time on a line with many of the first.
 */
export function inOrder(first: RegExp, then: RegExp): WordTest {
  return {
    test: (text) =>
      text.split("\n").some((line) => {
        const found = first.exec(line);
        return found !== null && then.test(line.slice(found.index + found[0].length));
      }),
  };
}
