import type { Evaluation, LineReport } from "./evaluation";
import type { Line } from "./line";
import type { PathId, PathTree } from "../tree/pathTree";

/** Evaluation of a list that has additional rules, none of which matches anything. */
export class WidenedEvaluation implements Evaluation {
  readonly lines: readonly LineReport[];
  readonly failure?: Evaluation["failure"];

  /** @param places index in the list of each rule that the evaluation was made with */
  constructor(
    private readonly judged: Evaluation,
    lines: readonly Line[],
    private readonly places: readonly number[],
  ) {
    const counted = new Map(judged.lines.map((report, index) => [places[index], report]));
    this.lines = lines.map((line, place) => {
      const { files = 0, bytes = 0, flips = 0 } = counted.get(place) ?? {};
      return { pattern: line.pattern, files, bytes, flips, problem: "problem" in line ? line.problem : undefined };
    });
    this.failure = judged.failure && { ...judged.failure, index: places[judged.failure.index] ?? 0 };
  }

  get tree(): PathTree {
    return this.judged.tree;
  }

  get sent(): Evaluation["sent"] {
    return this.judged.sent;
  }

  get skipped(): readonly PathId[] {
    return this.judged.skipped;
  }

  get emptied(): readonly PathId[] {
    return this.judged.emptied;
  }

  isExcluded(path: PathId): boolean {
    return this.judged.isExcluded(path);
  }

  isSent(path: PathId): boolean {
    return this.judged.isSent(path);
  }

  decidedBy(path: PathId): number | undefined {
    const index = this.judged.decidedBy(path);
    return index === undefined ? undefined : this.places[index];
  }

  decidedAt(path: PathId): PathId | undefined {
    return this.judged.decidedAt(path);
  }

  isSame(other: Evaluation): boolean {
    return other instanceof WidenedEvaluation ? this.judged === other.judged : this.judged === other;
  }
}
