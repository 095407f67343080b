/** Test of a text: a regular expression, or words in a given order. */
export interface WordTest {
  test(text: string): boolean;
}

/**
 * Returns a test for texts with a line that contains one expression and, after it, another. A regular expression `a.*b`
 * would take quadratic time on a line with many matches of the first.
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
