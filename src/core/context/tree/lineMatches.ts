import type { Place } from "../dockerignore/automaton";
import type { CompiledPattern } from "../dockerignore/compilePattern";
import { PathSet } from "./pathSet";
import type { PathId, PathTree } from "./pathTree";

/** After how many paths a step ends; sooner where each takes long. */
const stepSize = 64;
const stepsPerPath = 20_000;

/** Which paths of a tree one pattern matches by themselves; kept up to date with the tree instead of found anew. */
export class LineMatches {
  #paths = new PathSet(0);
  #epoch = -1;
  #journalRead = 0;
  readonly #stepSize: number;

  /** @param fold what is done to names and paths before they are compared */
  constructor(
    private readonly tree: PathTree,
    private readonly pattern: CompiledPattern,
    private readonly fold: (name: string) => string = (name) => name,
  ) {
    this.#stepSize = Math.min(stepSize, Math.max(1, Math.floor(stepsPerPath / pattern.automaton.size)));
  }

  /** Gives back what matching has kept. @returns the pattern's counted steps */
  forget(): number {
    this.pattern.automaton.forget();
    return this.pattern.counted;
  }

  /** As of the last update. */
  get paths(): PathSet {
    return this.#paths;
  }

  /** Looks at all paths, or at those that have come since the last update. */
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

  /** Takes note of whether a path matches; the place of its content if that can match and the path is a directory. */
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
