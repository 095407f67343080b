import { compiledIfValid } from "../../dockerignore/compilePattern";
import { mayBeginWith, type CopySource } from "../../../dockerfile/copySources";
import type { PathId, PathTree } from "../../tree/pathTree";
import type { LintSubject } from "./lintState";

/**
 * Returns a test of whether a wildcard source of a COPY matches a path directly. @see
 * https://pkg.go.dev/path/filepath#Match
 */
export function sourceMatcher({ path = "", spansFolders }: CopySource): (path: string) => boolean {
  const stars = spansFolders ? path : path.replace(/\*+/g, "*");
  const automaton = compiledIfValid(stars.replace(/[{}|]|(?<!\[)\^/g, "\\$&"))?.automaton;
  // A pattern that can't be compiled may match any path.
  return (other) => !automaton || automaton.run(automaton.start, other).accepts;
}

/**
 * Returns a test of whether a path is sent if the ignore file includes it: BuildKit requests only what the Dockerfiles
 * copy, the classic builder everything. Without a known Dockerfile, everything counts.
 */
export function takenPaths({ builder, dockerfiles }: LintSubject, tree: PathTree): (id: PathId) => boolean {
  const sources = dockerfiles.flatMap((dockerfile) => dockerfile.sources.filter(({ isReached }) => isReached));
  const takesAll =
    builder === "classic" ||
    dockerfiles.length === 0 ||
    sources.some(({ path, prefix = "" }) => (path ?? prefix) === "");
  if (takesAll) return () => true;
  const literals = new Set(sources.filter(({ isWildcard }) => !isWildcard).map(({ path }) => path));
  const prefixes = sources.flatMap(({ path, prefix = "" }) => (path === undefined ? [prefix] : []));
  const matchers = sources.filter(({ isWildcard }) => isWildcard).map(sourceMatcher);
  return (id) => {
    for (let at = id; at !== tree.root; at = tree.parentOf(at)) {
      const path = tree.pathOf(at);
      if (
        literals.has(path) ||
        matchers.some((matches) => matches(path)) ||
        prefixes.some((prefix) => mayBeginWith(path, prefix))
      )
        return true;
    }
    return false;
  };
}
