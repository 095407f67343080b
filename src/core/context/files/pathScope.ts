import { mayBeginWith } from "../../dockerfile/copySources";

/**
 * Part of a folder: paths, and beginnings of paths, each with everything below. Paths are relative to the folder, with
 * slashes.
 */
export class PathScope {
  /** Folders above the paths. */
  readonly #ways = new Set<string>();
  readonly #roots: ReadonlySet<string>;
  /** Root that contained the last path; paths arrive in the folder's order. */
  #lastRoot: string | undefined;

  constructor(
    readonly roots: readonly string[],
    readonly beginnings: readonly string[] = [],
  ) {
    this.#roots = new Set(roots);
    for (const path of [...roots, ...beginnings]) for (const way of foldersAbove(path)) this.#ways.add(way);
  }

  /** Whether a path is in the scope or is a folder above a part of it. */
  includes(path: string): boolean {
    return this.holds(path) || this.leadsTo(path);
  }

  /** Whether a path, and therefore everything below it, is in the scope. */
  holds(path: string): boolean {
    if (this.#lastRoot !== undefined && isAtOrBelow(path, this.#lastRoot)) return true;
    const root = this.#rootOf(path);
    if (root !== undefined) this.#lastRoot = root;
    return root !== undefined || this.beginnings.some((beginning) => mayBeginWith(path, beginning));
  }

  /** Whether a path is a folder above a part of the scope. */
  leadsTo(path: string): boolean {
    return this.#ways.has(path);
  }

  /** Whether all paths are in the scope. */
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
