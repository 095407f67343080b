import { cleanPath } from "../../base/goText";
import { compareBytes } from "../../context/files/pathOrder";
import { goMatch, hasWildcards } from "./goMatch";
import { joinPath, type FileTree } from "../tree/fileTree";
import type { Folder, Node } from "../tree/node";
import { TreeError } from "../tree/treeError";

/** Something that a COPY or ADD takes. */
export interface FoundSource {
  readonly node: Node;
  /** The last part of the path that leads to it, which may be a link's. */
  readonly name: string;
}

/**
 * Finds what a source of a COPY or ADD means in a tree: links are followed, wildcards may mean several or nothing.
 *
 * @throws TreeError for a path that leads nowhere
 */
export function findSources(tree: FileTree, written: string): FoundSource[] {
  const parts = cleanPath(`/${written}`).split("/").slice(1);
  const first = parts.findIndex(hasWildcards);
  if (first < 0) return [sourceAt(tree, `/${parts.join("/")}`)];
  const base = tree.resolve(`/${parts.slice(0, first).join("/")}`);
  const folder = tree.at(base);
  if (!folder) throw new TreeError(`"${written}" is not there`);
  const pattern = parts.slice(first).join("/");
  // Only a class takes a slash for a character like any other.
  const depth = pattern.includes("[") ? Number.POSITIVE_INFINITY : parts.length - first;
  const found = folder.kind === "directory" ? matchesIn(folder, "", pattern, depth) : [];
  return found.map((path) => sourceAt(tree, joinPath(base, path)));
}

function sourceAt(tree: FileTree, path: string): FoundSource {
  const node = tree.at(tree.resolve(path));
  if (!node) throw new TreeError(`"${path.slice(1)}" is not there`);
  return { node, name: path.slice(path.lastIndexOf("/") + 1) };
}

/** Paths below a matching folder are copied with it, so they aren't matched themselves. */
function matchesIn(folder: Folder, prefix: string, pattern: string, depth: number): string[] {
  const paths: string[] = [];
  for (const name of [...folder.children.keys()].sort(compareBytes)) {
    const node = folder.children.get(name);
    const path = `${prefix}${name}`;
    if (goMatch(pattern, path)) paths.push(path);
    else if (node?.kind === "directory" && depth > 1) paths.push(...matchesIn(node, `${path}/`, pattern, depth - 1));
  }
  return paths;
}
