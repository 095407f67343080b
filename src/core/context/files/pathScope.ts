import { mayBeginWith } from "../../dockerfile/copySources";

/**
 * A part of a folder: some paths, and paths of which only the beginning is known, each with everything below it. Paths
 * are slash-separated and relative to the folder.
 */
export class PathScope {
  /** The folders above its paths. */
  readonly #ways = new Set<string>();
  readonly #roots: ReadonlySet<string>;
  /** The root that held the last path: paths come in the order of the folder. */
  #lastRoot: string | undefined;

  constructor(
    readonly roots: readonly string[],
    readonly beginnings: readonly string[] = [],
  ) {
    this.#roots = new Set(roots);
    for (const path of [...roots, ...beginnings]) for (const way of foldersAbove(path)) this.#ways.add(way);
  }

  /** Whether a path is part of it, or a folder above a part. */
  includes(path: string): boolean {
    return this.holds(path) || this.leadsTo(path);
  }

  /** Whether a path is part of it, and so everything below. */
  holds(path: string): boolean {
    if (this.#lastRoot !== undefined && isAtOrBelow(path, this.#lastRoot)) return true;
    const root = this.#rootOf(path);
    if (root !== undefined) this.#lastRoot = root;
    return root !== undefined || this.beginnings.some((beginning) => mayBeginWith(path, beginning));
  }

  /** Whether a path is a folder above a part. */
  leadsTo(path: string): boolean {
    return this.#ways.has(path);
  }

  /** Whether paths are part of it, all of them. */
  covers(paths: readonly string[]): boolean {
    return paths.every((path) => this.holds(path));
  }

  #rootOf(path: string): string | undefined {
    if (this.#roots.has(path)) return path;
    for (const way of foldersAbove(path)) if (this.#roots.has(way)) return way;
    return undefined;
  }
}

function isAtOrBelow(path: string, root: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path.charCodeAt(root.length) === slash);
}

const slash = 47;

function* foldersAbove(path: string): Generator<string> {
  for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) yield path.slice(0, end);
}
