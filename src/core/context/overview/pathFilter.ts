import { compilePattern } from "../dockerignore/compilePattern";
import { GoRegexpError } from "../dockerignore/goRegexp";
import { PathSet } from "../tree/pathSet";
import type { PathTree } from "../tree/pathTree";
import { withoutEdges } from "../../base/trimText";

/** After how many paths a step ends. */
const stepSize = 1024;

/**
 * Finds what a person looks for: a part of a path, or with `*` or `?` a pattern; what is in a folder that is found
 * counts too.
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

/** A pattern without a slash is of names, wherever they are. */
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
