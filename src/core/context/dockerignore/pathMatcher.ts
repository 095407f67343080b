import { posix } from "node:path";
import { IgnoreList, InvalidPatternError, type Scope } from "./ignoreList";

/** Returns a test of whether a pattern matches a path or a folder above it. */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const list = new IgnoreList(
    patterns.map((text) => ({ text, exception: false })),
    "buildkit",
  );
  /** Scopes by folder; `all` if everything below it matches. */
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
      // A build with such a pattern fails.
      if (error instanceof InvalidPatternError) return true;
      throw error;
    }
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
