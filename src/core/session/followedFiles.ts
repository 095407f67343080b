import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { compiledIfValid } from "../context/dockerignore/compilePattern";
import { cleanPath } from "../base/goText";
import { IgnoreList, InvalidPatternError, type Scope } from "../context/dockerignore/ignoreList";
import { systemCodeOf } from "../base/errors";

const everything = (): boolean => true;
const wildcard = /[*?[]/;
/** Symlinks and wildcards can lead from few paths to many; beyond this count every file is taken for requested. */
const mostPaths = 20_000;

/**
 * Tests which files of a context the docker CLI sends for a list of follow paths, exactly: symlinks are followed within
 * the context, and wildcards match. `followPathsFilter` answers the same with less work and may be wider.
 *
 * Returns a test that is always true where a path or a folder cannot be looked at.
 *
 * @param followPaths slash-separated, relative to the root; an empty list means everything
 * @see https://github.com/tonistiigi/fsutil
 */
export function followedFiles(followPaths: readonly string[], root: string | undefined): (path: string) => boolean {
  if (followPaths.length === 0 || root === undefined) return everything;
  try {
    const patterns = new LinkFollower(root).follow(followPaths);
    return patterns === undefined || patterns.length > mostPaths ? everything : matcherOf(patterns);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return everything;
  }
}

/** Collects the paths and patterns that follow paths lead to. */
class LinkFollower {
  readonly #found = new Set<string>();
  readonly #pending: string[] = [];

  constructor(private readonly root: string) {}

  /** Returns undefined where one of them is the root itself. Throws the system's error for what cannot be looked at. */
  follow(paths: readonly string[]): string[] | undefined {
    this.#pending.push(...[...paths].reverse());
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      if (this.#found.size > mostPaths) break;
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
    return whereFound(() => readdirSync(join(this.root, folder)).sort()) ?? [];
  }

  /** An absolute target counts from the context's root. */
  #linkTarget(path: string): string[] {
    // The root itself may be a symlink, which is followed before anything in it.
    if (path === ".") return [];
    const target = whereFound(() => {
      const place = join(this.root, path);
      return lstatSync(place).isSymbolicLink() ? readlinkSync(place) : undefined;
    });
    if (target === undefined) return [];
    const slashed = process.platform === "win32" ? target.replaceAll("\\", "/") : target;
    return [slashed.startsWith("/") ? cleanPath(slashed) : posix.join("/", posix.dirname(path), slashed)];
  }
}

/** Returns undefined for what is not there. */
function whereFound<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Matches a single name as Go's `filepath.Match` does. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const stars = pattern.replace(/\*+/g, "*").replace(/[{}|]|(?<!\[)\^/g, "\\$&");
  const automaton = compiledIfValid(stars)?.automaton;
  return (name) => automaton !== undefined && automaton.run(automaton.start, name).accepts;
}

/** Matches paths of which the path itself or a folder above it matches a pattern. */
function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const list = new IgnoreList(
    patterns.map((text) => ({ text, exception: false })),
    "buildkit",
  );
  /** By folder; `all` where everything below it matches. */
  const scopes = new Map<string, Scope | "all">([["", list.root]]);
  const scopeOf = (folder: string): Scope | "all" => {
    const known = scopes.get(folder);
    if (known) return known;
    const above = scopeOf(parentOf(folder));
    const verdict = above === "all" ? undefined : list.decide(above, posix.basename(folder), true);
    const scope = verdict?.inside && !verdict.excluded ? verdict.inside : "all";
    scopes.set(folder, scope);
    return scope;
  };
  return (path) => {
    try {
      const scope = scopeOf(parentOf(path));
      return scope === "all" || list.decide(scope, posix.basename(path), false).excluded;
    } catch (error) {
      // The build fails on such a pattern.
      if (error instanceof InvalidPatternError) return true;
      throw error;
    }
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
