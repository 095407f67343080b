import type { WrittenLine } from "../state/ignoreText";
import { docs, type Rule } from "../state/rule";

/** Rule for lines that an earlier line covers, independent of the files. */
export const duplicateLine: Rule = {
  code: "duplicate-line",
  severity: "hint",
  explanation:
    "Builders apply a line only to paths whose result it would change. " +
    "If an earlier line already excludes a path, with no exception between the two, " +
    "this line has no effect on it.",
  docsUrl: docs.syntax,
  *find(state) {
    const earlier = new EarlierLines();
    for (const written of state.lines) {
      const original = earlier.lastThatCovers(written);
      earlier.add(written);
      if (!original) continue;
      const other = original.pattern.text === written.pattern.text ? "" : ` ("${original.text}")`;
      yield {
        range: written.range,
        message: `"${written.text}" is already covered by line ${original.line}${other}.`,
        related: [state.related(original, "The line that already covers it")],
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};

interface Numbered {
  readonly at: number;
  readonly written: WrittenLine;
}

/** Earlier lines by text, so lines don't have to be compared in pairs. */
class EarlierLines {
  readonly #bySign = { exception: new Map<string, Numbered>(), plain: new Map<string, Numbered>() };
  /** Index of the last line of each kind; it can change the result of earlier lines of the other kind. */
  readonly #last = { exception: -1, plain: -1 };
  #count = 0;

  add(written: WrittenLine): void {
    const { exception, text } = written.pattern;
    const sign = exception ? "exception" : "plain";
    this.#bySign[sign].set(text, { at: this.#count, written });
    this.#last[sign] = this.#count++;
  }

  /** Returns the last line that covers a line, if no line of the other kind is between the two. */
  lastThatCovers({ pattern: { exception, text } }: WrittenLine): WrittenLine | undefined {
    const same = this.#bySign[exception ? "exception" : "plain"];
    const candidates = [
      same.get(text),
      ...(exception || this.#last.exception >= 0 ? [] : broader(text).map((each) => same.get(each))),
    ];
    const original = candidates.reduce((last, each) => (each && each.at > (last?.at ?? -1) ? each : last), undefined);
    return original && this.#last[exception ? "plain" : "exception"] < original.at ? original.written : undefined;
  }
}

/** Maximum number of characters and of names in a path. */
const longestPath = 4096;
const deepestPath = 256;

/**
 * Returns the texts of lines that exclude everything that a line without wildcards excludes: the folders it is in, and
 * its names in any folder. Valid only without earlier exceptions; after one, a line may not be tried where it matches,
 * and then doesn't apply below.
 */
function broader(text: string): string[] {
  const names = text.length > longestPath || !isLiteral(text) ? [] : text.split("/");
  if (names.length > deepestPath) return [];
  const folders: string[] = [];
  for (let slash = text.indexOf("/"); slash >= 0 && names.length > 0; slash = text.indexOf("/", slash + 1))
    folders.push(text.slice(0, slash));
  return [...folders, ...names.map((name) => `**/${name}`)];
}

/**
 * Whether a text is printable ASCII without special characters. Other characters change how the list is sent to
 * BuildKit, so such a line matters by itself.
 */
function isLiteral(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text) && !/[*?[\]\\{}|^]/.test(text);
}
