import type { Place } from "../dockerignore/matcher";
import type { CompiledPattern } from "../dockerignore/compilePattern";
import { PathSet } from "./pathSet";
import type { PathId, PathTree } from "./pathTree";

/** Number of paths per step; fewer for patterns with many steps. */
const stepSize = 64;
const stepsPerPath = 20_000;

/** Paths of a tree that one pattern matches directly. Updated when the tree changes, instead of matched again. */
export class LineMatches {
  #paths = new PathSet(0);
  #epoch = -1;
  #journalRead = 0;
  readonly #stepSize: number;

  /** @param fold applied to names and paths before matching */
  constructor(
    private readonly tree: PathTree,
    private readonly pattern: CompiledPattern,
    private readonly fold: (name: string) => string = (name) => name,
  ) {
    this.#stepSize = Math.min(stepSize, Math.max(1, Math.floor(stepsPerPath / pattern.automaton.size)));
  }

  /** Clears the matching cache. @returns number of the pattern's steps that its repeat counts add */
  forget(): number {
    this.pattern.automaton.forget();
    return this.pattern.counted;
  }

  /** Matching paths as of the last update. */
  get paths(): PathSet {
    return this.#paths;
  }

  /** Matches all paths, or only those added since the last update. */
  *update(): Generator<undefined, void> {
    const { epoch, ids } = this.tree.journal;
    if (epoch !== this.#epoch) yield* this.#matchAll();
    else yield* this.#matchNew(ids);
    this.#epoch = epoch;
    this.#journalRead = ids.length;
  }

  *#matchAll(): Generator<undefined, void> {
    const paths = new PathSet(this.tree.idLimit);
    const pending: { readonly directory: PathId; readonly place: Place }[] = [
      { directory: this.tree.root, place: this.pattern.automaton.start },
    ];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const children = this.tree.childrenOf(next.directory);
      for (let from = 0; from < children.length; from += this.#stepSize) {
        const to = Math.min(from + this.#stepSize, children.length);
        for (let i = from; i < to; i++) {
          const id = children[i] ?? 0;
          const below = this.#match(id, next.place, paths);
          if (below) pending.push({ directory: id, place: below });
        }
        yield;
      }
    }
    this.#paths = paths;
  }

  /**
   * Records whether a path matches. Returns the state for the contents of a directory, or undefined if they can't
   * match.
   */
  #match(id: PathId, place: Place, paths: PathSet): Place | undefined {
    const { automaton, nameEnd } = this.pattern;
    const name = this.fold(this.tree.nameOf(id));
    if (!this.tree.isDirectory(id)) {
      if (name.endsWith(nameEnd) && automaton.acceptsName(place, name)) paths.add(id);
      return undefined;
    }
    const after = automaton.run(place, name);
    if (after.accepts) paths.add(id);
    const below = automaton.run(after, "/");
    return below.dead ? undefined : below;
  }

  *#matchNew(ids: readonly PathId[]): Generator<undefined, void> {
    const { automaton } = this.pattern;
    this.#paths.reserve(this.tree.idLimit);
    for (let i = this.#journalRead; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      if (automaton.run(automaton.start, this.fold(this.tree.pathOf(id))).accepts) this.#paths.add(id);
      else this.#paths.delete(id);
      if (i % this.#stepSize === 0) yield;
    }
  }
}
