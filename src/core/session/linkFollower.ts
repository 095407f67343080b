import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { systemCodeOf } from "../base/errors";
import { cleanPath } from "../base/goText";
import { compiledIfValid } from "../context/dockerignore/compilePattern";

/** Symlinks and wildcards can lead from few paths to many; beyond this count nothing is followed any further. */
const mostPaths = 20_000;

const wildcard = /[*?[]/;

/**
 * Collects the paths and patterns that follow paths lead to, as the docker CLI does: symlinks are followed within the
 * context, and a wildcard stands for the symlinks that it matches.
 *
 * @see https://github.com/tonistiigi/fsutil
 */
export class LinkFollower {
  readonly #found = new Set<string>();
  readonly #pending: string[] = [];

  /** @param isStrict whether what cannot be looked at is an error, and not taken for no symlink */
  constructor(
    private readonly root: string,
    private readonly isStrict: boolean,
  ) {}

  /**
   * Returns undefined where one of them is the root itself, or where there are too many. Throws the system's error for
   * what cannot be looked at, if it is strict.
   */
  follow(paths: readonly string[]): string[] | undefined {
    this.#pending.push(...[...paths].reverse());
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      if (this.#found.size > mostPaths) return undefined;
      this.#walk(next);
    }
    return this.#found.has(".") ? undefined : [...this.#found];
  }

  #walk(path: string): void {
    const parts = posix.join(".", path.replace(/^\/+/, "")).split("/");
    let current = ".";
    for (const [i, part] of parts.entries()) {
      current = posix.join(current, part);
      const rest = parts.slice(i + 1).join("/");
      const targets = this.#targetsOf(current);
      if (targets.length === 0 && rest !== "") continue;
      if (this.#found.has(current)) return;
      this.#found.add(current);
      if (targets.length > 0)
        return void this.#pending.push(...targets.map((target) => posix.join(target, rest)).reverse());
    }
  }

  /** Where the symlink at a path leads; for a wildcard the symlinks that it matches. */
  #targetsOf(path: string): string[] {
    const base = posix.basename(path);
    if (!wildcard.test(base.replace(/\\./gs, ""))) return this.#linkTarget(path);
    const folder = posix.dirname(path);
    const matches = nameMatcher(base);
    return this.#namesIn(folder).flatMap((name) => (matches(name) ? this.#linkTarget(posix.join(folder, name)) : []));
  }

  #namesIn(folder: string): string[] {
    return this.#whereFound(() => readdirSync(join(this.root, folder)).sort()) ?? [];
  }

  /** An absolute target counts from the context's root. */
  #linkTarget(path: string): string[] {
    // The root itself may be a symlink, which is followed before anything in it.
    if (path === ".") return [];
    const target = this.#whereFound(() => {
      const place = join(this.root, path);
      return lstatSync(place).isSymbolicLink() ? readlinkSync(place) : undefined;
    });
    if (target === undefined) return [];
    const slashed = process.platform === "win32" ? target.replaceAll("\\", "/") : target;
    return [slashed.startsWith("/") ? cleanPath(slashed) : posix.join("/", posix.dirname(path), slashed)];
  }

  /** Returns undefined for what is not there. */
  #whereFound<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      if (code === "ENOENT" || code === "ENOTDIR" || !this.isStrict) return undefined;
      throw error;
    }
  }
}

/** Matches a single name as Go's `filepath.Match` does. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const stars = pattern.replace(/\*+/g, "*").replace(/[{}|]|(?<!\[)\^/g, "\\$&");
  const automaton = compiledIfValid(stars)?.automaton;
  return (name) => automaton !== undefined && automaton.run(automaton.start, name).accepts;
}
