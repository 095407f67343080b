import type { IgnorePattern } from "../dockerignore/parseIgnoreFile";
import type { EvaluationRoom } from "../tree/evaluationRoom";

/** Verdict on all paths that the same rules match. There are few such sets, even for very many paths. */
export interface Verdict {
  readonly excluded: boolean;
  /** Index of the rule that decided, or -1. */
  readonly decidedBy: number;
  /** Indexes of the rules that reverse the verdict of the rules before them. */
  readonly flips: ReadonlySet<number>;
  /** 1 for each rule that applies, otherwise 0. */
  readonly hits: Uint8Array;
  /** 1 for each rule that matches a path or a directory above it, whether or not it applies; otherwise 0. */
  readonly matches: Uint8Array;
  /** Index of the first rule that has to be tried but is invalid, or -1. */
  readonly failing: number;
  /**
   * Whether BuildKit opens a file with this verdict: it then checks the last rule that matches, not the last that
   * applies.
   */
  readonly opens: boolean;
  /** Totals so far: paths that the builder looks at, and all files and bytes, including those it doesn't look at. */
  readonly count: { lookedAt: number; files: number; bytes: number };
}

/** Derives each verdict once, from the verdict on the directory above. */
export class Verdicts {
  /** All verdicts by number; the first is the root's. */
  readonly all: Verdict[] = [];
  readonly #byRow = new Map<number, number>();
  readonly #byLines = new Map<string, number>();

  /** @param rows indexes of the rules that match a path directly, by row number */
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

  /** Returns the number of the verdict on a path in a directory with verdict `above`. */
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
      // Builders don't try a rule that wouldn't change the verdict, so it doesn't apply to the directory's contents
      // either.
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
