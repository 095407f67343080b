import type { Evaluation } from "../evaluation/evaluation";
import type { PathId } from "../tree/pathTree";
import { memoised } from "../../base/memoised";
import { secretKindOf, secretKindsOf } from "../lint/state/names";

/** Number of paths per step. */
const stepSize = 1024;

/** Warning about a file that is sent: it usually contains secrets, or `docker build` sends it with 0 bytes. */
export type Mark = { readonly kind: "secret"; readonly what: string } | { readonly kind: "emptied" };

/** Number of marked files at and below a path. */
export interface MarkCounts {
  readonly secrets: number;
  readonly emptied: number;
}

const none: MarkCounts = { secrets: 0, emptied: 0 };

/** Marked files of a context; there are usually few. */
export class Marks {
  readonly #marks = new Map<PathId, Mark>();
  readonly #counts = new Map<PathId, { secrets: number; emptied: number }>();

  /** Examines everything that is sent. */
  static *of(evaluation: Evaluation): Generator<undefined, Marks> {
    const marks = new Marks();
    const { tree } = evaluation;
    for (const id of evaluation.emptied) marks.#add(evaluation, id, { kind: "emptied" });
    const kindsOf = memoised(secretKindsOf);
    let step = 0;
    for (const id of tree.ids()) {
      if (++step % stepSize === 0) yield;
      const kinds = kindsOf(tree.nameOf(id));
      if (kinds.length === 0 || tree.isDirectory(id) || !evaluation.isSent(id)) continue;
      const kind = secretKindOf(tree.pathOf(id), kinds);
      if (kind) marks.#add(evaluation, id, { kind: "secret", what: kind.what });
    }
    return marks;
  }

  /** Returns the mark of a path, if any. A secret takes precedence over an emptied file. */
  of(id: PathId): Mark | undefined {
    return this.#marks.get(id);
  }

  /** Returns all marks by path. */
  all(): Iterable<[PathId, Mark]> {
    return this.#marks;
  }

  below(id: PathId): MarkCounts {
    return this.#counts.get(id) ?? none;
  }

  #add({ tree }: Evaluation, id: PathId, mark: Mark): void {
    this.#marks.set(id, mark);
    for (let at = id; ; at = tree.parentOf(at)) {
      const counts = this.#counts.get(at) ?? { secrets: 0, emptied: 0 };
      counts[mark.kind === "secret" ? "secrets" : "emptied"]++;
      this.#counts.set(at, counts);
      if (at === tree.root) return;
    }
  }
}
