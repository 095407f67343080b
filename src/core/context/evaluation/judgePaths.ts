import type { Exceptions } from "../dockerignore/exceptions";
import type { EvaluateOptions, Evaluation, LineReport } from "./evaluation";
import { EvaluationRoom } from "../tree/evaluationRoom";
import type { Line } from "./line";
import type { PathId, PathTree } from "../tree/pathTree";
import { rowsOf } from "../tree/rows";
import { Verdicts, type Verdict } from "./verdicts";

/** Number of paths per step; steps end earlier if many rules are tried. */
const stepSize = 512;
/** Number of tried rules per step. */
const linesAtOnce = 100_000;

/** Flags of a path in addition to its verdict. */
const hidden = 1;
const skipped = 2;
const sent = 4;

/**
 * Evaluates every path of a tree, given the matches of each rule.
 *
 * @param exceptions undefined if the builder looks into every excluded directory
 * @throws ImageBuilderError `dockerignoreInvalid` if rules and paths are too many
 */
export function* judgePaths(
  tree: PathTree,
  lines: readonly Line[],
  exceptions: Exceptions | undefined,
  options: EvaluateOptions,
): Generator<undefined, Evaluation> {
  const room = new EvaluationRoom();
  const pathsByLine = lines.map((line) => ("problem" in line ? undefined : line.matches.paths));
  const { byPath, rows } = yield* rowsOf(tree.idLimit, pathsByLine, room);
  const judged = new JudgedTree(tree, lines, exceptions, { rows, room }, options);
  const ids = yield* tree.inOrder();
  for (let from = 0; from < ids.length; from += stepSize) {
    const to = Math.min(from + stepSize, ids.length);
    for (let i = from; i < to; i++) {
      const id = ids[i] ?? 0;
      judged.judge(id, byPath[id] ?? 0);
      if (judged.isOver(linesAtOnce)) yield;
    }
    yield;
  }
  yield* judged.report();
  return judged;
}

/** Evaluation that is filled while paths are judged, each directory before its contents. */
class JudgedTree implements Evaluation {
  readonly skipped: PathId[] = [];
  readonly emptied: PathId[] = [];
  readonly sent = { files: 0, bytes: 0 };
  lines: readonly LineReport[] = [];
  failure?: { readonly index: number; readonly path: PathId };
  readonly #verdicts: Verdicts;
  readonly #empties: boolean;
  /** Number of the verdict on each path, by path id. */
  readonly #verdictOf: Uint32Array;
  readonly #marks: Uint8Array;
  /** Number of verdicts when the last step ended. */
  #seen = 0;

  constructor(
    readonly tree: PathTree,
    private readonly given: readonly Line[],
    private readonly exceptions: Exceptions | undefined,
    { rows, room }: { readonly rows: readonly (readonly number[])[]; readonly room: EvaluationRoom },
    { builder, rule = "builder" }: EvaluateOptions,
  ) {
    const patterns = given.map(({ pattern }) => pattern);
    this.#verdicts = new Verdicts(
      patterns,
      given.map((line) => "problem" in line),
      rule,
      rows,
      room,
    );
    this.#empties = builder === "buildkit" && rule === "builder";
    this.#verdictOf = new Uint32Array(tree.idLimit);
    this.#marks = new Uint8Array(tree.idLimit);
  }

  /** Whether at least `lines` rules have been tried since the last step ended. */
  isOver(lines: number): boolean {
    const { length } = this.#verdicts.all;
    if ((length - this.#seen) * this.given.length < lines) return false;
    this.#seen = length;
    return true;
  }

  judge(id: PathId, row: number): void {
    const parent = this.tree.parentOf(id);
    const number = this.#verdicts.below(this.#verdictOf[parent] ?? 0, row);
    this.#verdictOf[id] = number;
    const verdict = this.#verdictAt(number);
    verdict.count.files += this.tree.isDirectory(id) ? 0 : this.tree.filesOf(id);
    verdict.count.bytes += this.tree.isDirectory(id) ? 0 : this.tree.bytesOf(id);
    if (this.#is(parent, hidden | skipped)) {
      this.#marks[id] = hidden;
    } else {
      verdict.count.lookedAt++;
      this.#look(id, verdict);
    }
  }

  *report(): Generator<undefined, void> {
    const reports = this.given.map((line) => ({
      pattern: line.pattern,
      files: 0,
      bytes: 0,
      flips: 0,
      problem: "problem" in line ? line.problem : undefined,
    }));
    const perStep = Math.ceil(linesAtOnce / (reports.length + 1));
    for (const [number, { count, flips, matches }] of this.#verdicts.all.entries()) {
      if (number % perStep === perStep - 1) yield;
      for (const [index, report] of reports.entries()) {
        if (!matches[index]) continue;
        report.files += count.files;
        report.bytes += count.bytes;
        if (flips.has(index)) report.flips += count.lookedAt;
      }
    }
    this.lines = reports;
  }

  isExcluded(id: PathId): boolean {
    return this.#is(id, hidden) || this.#verdictFor(id).excluded;
  }

  isSent(id: PathId): boolean {
    return this.#is(id, sent);
  }

  decidedBy(id: PathId): number | undefined {
    const { decidedBy } = this.#verdictFor(id);
    return decidedBy < 0 ? undefined : decidedBy;
  }

  isSame(other: Evaluation): boolean {
    return other === this;
  }

  decidedAt(id: PathId): PathId | undefined {
    const line = this.decidedBy(id);
    if (line === undefined) return undefined;
    let at = this.#lastLookedAt(id);
    for (let above = this.tree.parentOf(at); this.#verdictFor(above).hits[line]; above = this.tree.parentOf(at))
      at = above;
    return at;
  }

  /** Records what the builder does with a path that it looks at. */
  #look(id: PathId, verdict: Verdict): void {
    if (verdict.failing >= 0) this.failure ??= { index: verdict.failing, path: id };
    const isDirectory = this.tree.isDirectory(id);
    if (verdict.excluded) {
      if (isDirectory && this.exceptions?.skips(`${this.tree.pathOf(id)}/`)) {
        this.#marks[id] = skipped;
        this.skipped.push(id);
      }
      return;
    }
    const kind = this.tree.kindOf(id);
    if (kind === "socket" || kind === "device") return;
    this.#send(id);
    if (isDirectory) return;
    const bytes = this.tree.bytesOf(id);
    this.sent.files++;
    this.sent.bytes += bytes;
    if (this.#empties && bytes > 0 && !verdict.opens) this.emptied.push(id);
  }

  /** Marks a path and the directories above it as sent. */
  #send(id: PathId): void {
    for (let at = id; at !== this.tree.root && !this.#is(at, sent); at = this.tree.parentOf(at)) {
      this.#marks[at] = (this.#marks[at] ?? 0) | sent;
    }
  }

  /** Returns the path itself, or the skipped directory that contains it. */
  #lastLookedAt(id: PathId): PathId {
    let at = id;
    while (this.#is(at, hidden)) at = this.tree.parentOf(at);
    return at;
  }

  #verdictFor(id: PathId): Verdict {
    return this.#verdictAt(this.#verdictOf[this.#lastLookedAt(id)] ?? 0);
  }

  #verdictAt(number: number): Verdict {
    const verdict = this.#verdicts.all[number];
    if (!verdict) throw new RangeError(`There is no verdict ${number}.`);
    return verdict;
  }

  #is(id: PathId, mark: number): boolean {
    return ((this.#marks[id] ?? 0) & mark) !== 0;
  }
}
