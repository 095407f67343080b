import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";

const meanings: Readonly<Record<string, string>> = {
  d: "any digit",
  D: "anything but a digit",
  s: "any white space",
  S: "anything but white space",
  w: "any letter, digit or underscore",
  W: "anything but a letter, digit or underscore",
  b: "the edge of a word",
  B: "no edge of a word",
  A: "the beginning of the path",
  z: "the end of the path",
};

/** A backslash that was meant to separate folders, or to be nothing. */
export const backslashMisread: Rule = {
  code: "backslash-misread",
  severity: "warning",
  explanation:
    "Folders are separated by / on every system. A backslash takes the meaning away from the wildcard after it; before a letter or a " +
    "digit it begins a class of the regular expression that the pattern becomes.",
  docsUrl: docs.syntax,
  *find(state) {
    for (const written of state.lines) {
      const [part, character = ""] = /\\([0-9A-Za-z])/.exec(written.pattern.text) ?? [];
      if (part === undefined) continue;
      const meaning = meanings[character] ?? "a character of its own";
      yield {
        range: state.ignore.rangeOfPart(written.line, part),
        message: `"${part}" does not separate folders: it stands for ${meaning}, so that this line does not mean the path it looks like.`,
        fixes: [
          state.replacement(written, [written.text.replace(/\\(?=[0-9A-Za-z])/g, "/")], asWritten),
          state.replacement(written, [written.text.replace(/\\(?=[0-9A-Za-z])/g, "")], asWritten),
        ],
        explains: written.line,
      };
    }
  },
};
