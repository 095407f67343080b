import { compiledIfValid } from "../../dockerignore/compilePattern";
import { mayBeginWith, type CopySource } from "../../../dockerfile/copySources";
import type { PathId, PathTree } from "../../tree/pathTree";
import type { LintSubject } from "./lintState";

/** Whether a wildcard source of a COPY matches a path itself. @see https://pkg.go.dev/path/filepath#Match */
export function sourceMatcher({ path = "", spansFolders }: CopySource): (path: string) => boolean {
  const stars = spansFolders ? path : path.replace(/\*+/g, "*");
  const automaton = compiledIfValid(stars.replace(/[{}|]|(?<!\[)\^/g, "\\$&"))?.automaton;
  // What cannot be read may mean any path.
  return (other) => !automaton || automaton.run(automaton.start, other).accepts;
}

/**
 * Whether a path is sent if the ignore file lets it in: BuildKit asks only for what the Dockerfiles copy, the classic
 * builder and a context without a known Dockerfile for everything.
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
