import type { IgnorePattern } from "../dockerignore/parseIgnoreFile";
import type { EvaluationRoom } from "../tree/evaluationRoom";

/** What the lines make of all paths that the same lines apply to: there are few such sets, however many paths. */
export interface Verdict {
  readonly excluded: boolean;
  /** The line that decided, -1 for none. */
  readonly decidedBy: number;
  /** The lines that turn the verdict of those before them. */
  readonly flips: ReadonlySet<number>;
  /** The lines that apply, as 0 or 1 for each. */
  readonly hits: Uint8Array;
  /** The lines that match a path or a directory above it, whether they apply or not. */
  readonly matches: Uint8Array;
  /** The first line that has to be tried and cannot be, -1 for none. */
  readonly failing: number;
  /**
   * Whether BuildKit opens a file of this verdict: it asks for the last line that matches, not for the last that
   * applies.
   */
  readonly opens: boolean;
  /** Counted while paths are judged: those the builder looks at, and files and bytes whether it does or not. */
  readonly count: { lookedAt: number; files: number; bytes: number };
}

/** Derives each verdict from that of the directory above, once. */
export class Verdicts {
  /** The first is the root's. */
  readonly all: Verdict[] = [];
  readonly #byRow = new Map<number, number>();
  readonly #byLines = new Map<string, number>();

  /** @param rows the lines that match a path by themselves, for each row number */
  constructor(
    private readonly patterns: readonly IgnorePattern[],
    private readonly isInvalid: readonly boolean[],
    private readonly rule: "builder" | "lastMatch",
    private readonly rows: readonly (readonly number[])[],
    private readonly room: EvaluationRoom,
  ) {
    const none = new Uint8Array(patterns.length);
    this.#numberOf(none, none);
  }

  /** The number of the verdict on a path in a directory of verdict `above`. */
  below(above: number, row: number): number {
    if (row === 0) return above;
    const key = above * this.rows.length + row;
    const known = this.#byRow.get(key);
    if (known !== undefined) return known;
    const found = this.#derive(above, this.rows[row] ?? []);
    this.#byRow.set(key, found);
    return found;
  }

  #derive(above: number, lines: readonly number[]): number {
    this.room.take(this.patterns.length);
    const matches = Uint8Array.from(this.all[above]?.matches ?? []);
    for (const line of lines) matches[line] = 1;
    if (this.rule === "lastMatch") return this.#numberOf(matches, matches);
    const hits = Uint8Array.from(this.all[above]?.hits ?? []);
    let excluded = false;
    let next = 0;
    for (const [line, { exception }] of this.patterns.entries()) {
      const matchesItself = lines[next] === line;
      if (matchesItself) next++;
      // Builders do not try a line that would not change the verdict, so it does not apply to what is below either.
      if (matchesItself && exception === excluded) hits[line] = 1;
      if (hits[line]) excluded = !exception;
    }
    return this.#numberOf(hits, matches);
  }

  #numberOf(hits: Uint8Array, matches: Uint8Array): number {
    const key = `${hits.join("")} ${matches.join("")}`;
    const known = this.#byLines.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(this.#judge(hits, matches)) - 1;
    this.#byLines.set(key, number);
    return number;
  }

  #judge(hits: Uint8Array, matches: Uint8Array): Verdict {
    const flips = new Set<number>();
    let excluded = false;
    let decidedBy = -1;
    let failing = -1;
    for (const [line, { exception }] of this.patterns.entries()) {
      if (failing < 0 && this.isInvalid[line] && exception === excluded) failing = line;
      if (!hits[line]) continue;
      if (excluded === exception) flips.add(line);
      excluded = !exception;
      decidedBy = line;
    }
    return {
      excluded,
      decidedBy,
      flips,
      hits,
      matches,
      failing,
      opens: this.#opens(matches),
      count: { lookedAt: 0, files: 0, bytes: 0 },
    };
  }

  #opens(matches: Uint8Array): boolean {
    let excluded = false;
    for (const [line, { exception }] of this.patterns.entries()) {
      if (exception !== excluded) continue;
      if (this.isInvalid[line]) return false;
      if (matches[line]) excluded = !exception;
    }
    return !excluded;
  }
}
