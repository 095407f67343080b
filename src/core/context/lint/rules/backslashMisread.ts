import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";

const meanings: Readonly<Record<string, string>> = {
  d: "any digit",
  D: "any character except a digit",
  s: "any white-space character",
  S: "any character except white space",
  w: "any letter, digit or underscore",
  W: "any character except a letter, digit or underscore",
  b: "a word boundary",
  B: "a position that is not a word boundary",
  A: "the beginning of the path",
  z: "the end of the path",
};

/** Rule for backslashes that were meant to separate folders or that are superfluous. */
export const backslashMisread: Rule = {
  code: "backslash-misread",
  severity: "warning",
  explanation:
    "Folders are separated by / on every system. A backslash makes the wildcard after it literal; " +
    "before a letter or a digit, it begins a character class in the regular expression that the pattern is " +
    "converted to.",
  docsUrl: docs.syntax,
  *find(state) {
    for (const written of state.lines) {
      const [part, character = ""] = /\\([0-9A-Za-z])/.exec(written.pattern.text) ?? [];
      if (part === undefined) continue;
      const meaning = meanings[character] ?? "a special character";
      yield {
        range: state.ignore.rangeOfPart(written.line, part),
        message:
          `"${part}" does not separate folders: ` +
          `it matches ${meaning}, so this line does not match the path that it looks like.`,
        fixes: [
          state.replacement(written, [written.text.replace(/\\(?=[0-9A-Za-z])/g, "/")], asWritten),
          state.replacement(written, [written.text.replace(/\\(?=[0-9A-Za-z])/g, "")], asWritten),
        ],
        explains: written.line,
      };
    }
  },
};
