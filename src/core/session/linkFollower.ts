import { lstatSync, readdirSync, readlinkSync, type Dirent } from "node:fs";
import { join, posix } from "node:path";
import { systemCodeOf } from "../base/errors";
import { cleanPath } from "../base/goText";
import type { Matcher } from "../context/dockerignore/matcher";
import { FolderMovedError, inFolder, realFolder } from "../context/files/realFolder";
import { compiledIfValid } from "../context/dockerignore/compilePattern";

/**
 * Maximum number of paths: symlinks and wildcards can lead from few paths to many. Beyond these limits, no more links
 * are followed.
 */
const mostPaths = 20_000;
/** Limit of the total work, in looks: one per name in a folder, more per path and for matching a name. */
const mostLooks = 300_000;
const looksPerPath = 10;
const looksPerCharacter = 1 / 20;
/** Number of matching steps that cost as much as one look; long patterns need many. */
const stepsPerLook = 1_000;
/** Maximum length of a path: no system supports longer ones, and every folder above is examined for each part. */
const longestPath = 4_096;

const wildcard = /[*?[]/;

/**
 * Collects the paths and patterns that follow paths lead to, as the docker CLI does: follows symlinks within the
 * context, and replaces a wildcard with the symlinks that it matches.
 *
 * @see https://github.com/tonistiigi/fsutil
 */
export class LinkFollower {
  readonly #found = new Set<string>();
  readonly #pending: string[] = [];
  /** Sorted names of the symlinks in each folder; cached, because many patterns may match in the same folder. */
  readonly #links = new Map<string, readonly string[]>();
  #looks = 0;
  #realRoot?: string;

  /** @param isStrict whether to throw for a path that can't be examined, instead of treating it as no symlink */
  constructor(
    private readonly root: string,
    private readonly isStrict: boolean,
  ) {}

  /**
   * Returns the collected paths, or undefined if one of them is the root itself or there are too many. In strict mode,
   * throws the system's error for a path that can't be examined.
   */
  follow(paths: readonly string[]): string[] | undefined {
    for (const path of [...paths].reverse()) this.#pending.push(path);
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      if (next.length > longestPath || this.#isTooMuch) return undefined;
      this.#walk(next);
    }
    return this.#isTooMuch || this.#found.has(".") ? undefined : [...this.#found];
  }

  get #isTooMuch(): boolean {
    return this.#found.size > mostPaths || this.#looks > mostLooks;
  }

  #walk(path: string): void {
    const parts = posix.join(".", path.replace(/^\/+/, "")).split("/");
    let current = ".";
    for (const [i, part] of parts.entries()) {
      if (this.#isTooMuch) return;
      current = posix.join(current, part);
      const targets = this.#targetsOf(current);
      const isLast = (parts[i + 1] ?? "") === "";
      if (targets.length === 0 && !isLast) continue;
      if (this.#found.has(current)) return;
      this.#found.add(current);
      if (targets.length === 0) continue;
      const rest = parts.slice(i + 1).join("/");
      for (const target of targets.reverse()) this.#pending.push(posix.join(target, rest));
      return;
    }
  }

  /** Returns the target of the symlink at a path; for a wildcard, the targets of the symlinks that it matches. */
  #targetsOf(path: string): string[] {
    const base = posix.basename(path);
    if (!wildcard.test(base.replace(/\\./gs, ""))) return this.#linkTarget(path);
    const folder = posix.dirname(path);
    const links = this.#linksIn(folder);
    if (links.length === 0) return [];
    const matcher = compiledName(base);
    const targets: string[] = [];
    for (const name of links) {
      if (!matcher || this.#isTooMuch) break;
      this.#looks += 1 + (matcher.size * name.length) / stepsPerLook;
      if (matcher.run(matcher.start, name).accepts) targets.push(...this.#linkTarget(posix.join(folder, name)));
    }
    return targets;
  }

  #linksIn(folder: string): readonly string[] {
    const known = this.#links.get(folder);
    if (known) return known;
    // Links are resolved before the names in their folder are read, so a link here has just been put there.
    const items = this.#whereFound(() => inFolder(this.#placeOf(folder), (place) => itemsIn(place))) ?? [];
    this.#looks += items.length;
    const [first] = items;
    // Some folders allow listing names but not examining the entries; this reports it in strict mode.
    if (first) this.#whereFound(() => lstatSync(join(this.root, folder, first.name)));
    const links = items.flatMap((item) => (item.isSymbolicLink() ? item.name : [])).sort();
    this.#links.set(folder, links);
    return links;
  }

  #placeOf(folder: string): string {
    this.#realRoot ??= realFolder(this.root).realPath;
    return join(this.#realRoot, folder);
  }

  /** Returns a symlink's target, if there is one. An absolute target is relative to the context's root. */
  #linkTarget(path: string): string[] {
    // The root itself may be a symlink, which is resolved before anything in it.
    if (path === ".") return [];
    this.#looks += looksPerPath + looksPerCharacter * path.length;
    const target = this.#whereFound(() => {
      const place = join(this.root, path);
      return lstatSync(place).isSymbolicLink() ? readlinkSync(place) : undefined;
    });
    if (target === undefined) return [];
    const slashed = process.platform === "win32" ? target.replaceAll("\\", "/") : target;
    return [slashed.startsWith("/") ? cleanPath(slashed) : posix.join("/", posix.dirname(path), slashed)];
  }

  /** Returns undefined for a path that doesn't exist. */
  #whereFound<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      if (error instanceof FolderMovedError && !this.isStrict) return undefined;
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      if (code === "ENOENT" || code === "ENOTDIR" || !this.isStrict) return undefined;
      throw error;
    }
  }
}

function itemsIn(place: string): Dirent[] {
  return readdirSync(place, { withFileTypes: true });
}

/**
 * Compiles a pattern that matches a single name as Go's `filepath.Match` does; returns undefined for an invalid
 * pattern.
 */
function compiledName(pattern: string): Matcher | undefined {
  const stars = pattern.replace(/\*+/g, "*").replace(/[{}|]|(?<!\[)\^/g, "\\$&");
  return compiledIfValid(stars)?.automaton;
}
