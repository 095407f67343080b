import { compilePattern } from "../dockerignore/compilePattern";
import { GoRegexpError } from "../dockerignore/goRegexp";
import { PathSet } from "../tree/pathSet";
import type { PathTree } from "../tree/pathTree";
import { withoutEdges } from "../../base/trimText";

/** Number of paths per step. */
const stepSize = 1024;

/**
 * Finds the paths that match a filter: a part of a path or, with `*` or `?`, a pattern. The contents of matching
 * folders match too.
 */
export function* pathsMatching(tree: PathTree, filter: string): Generator<undefined, PathSet> {
  const found = new PathSet(tree.idLimit);
  const matches = matcherOf(filter);
  let step = 0;
  for (const id of tree.ids()) {
    if (++step % stepSize === 0) yield;
    if (found.has(tree.parentOf(id)) || matches(tree.pathOf(id).toLowerCase())) found.add(id);
  }
  return found;
}

/** Returns a test for lowercase paths. A pattern without a slash matches names at any depth. */
function matcherOf(filter: string): (path: string) => boolean {
  const wanted = filter.trim().toLowerCase();
  if (!/[*?]/.test(wanted)) return (path) => path.includes(wanted);
  const pattern = wanted.includes("/") ? withoutEdges(wanted, "/") : `**/${wanted}`;
  try {
    const { automaton } = compilePattern(pattern);
    return (path) => automaton.run(automaton.start, path).accepts;
  } catch (error) {
    if (error instanceof GoRegexpError) return (path) => path.includes(wanted);
    throw error;
  }
}
