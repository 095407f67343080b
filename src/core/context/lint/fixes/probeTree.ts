import type { CopySource } from "../../../dockerfile/copySources";
import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { PathTree } from "../../tree/pathTree";
import { withoutContent } from "../state/narrows";
import { instancesOf } from "../state/pathPatterns";

/** Maximum number of other lines for which paths are created. */
const mostLines = 200;
/** Maximum number of folders that get a file with the name of every other line. */
const mostFolders = 20;

/**
 * Creates a tree of hypothetical files: paths that the changed and the other lines of an ignore file match, files in
 * folders with these names, and the sources of the Dockerfiles.
 */
export function probeTree(
  changed: readonly IgnorePattern[],
  others: readonly IgnorePattern[],
  sources: readonly CopySource[],
): PathTree {
  const tree = new PathTree();
  const folders = changed.flatMap(({ text }) => instancesOf(text));
  const names = others.slice(0, mostLines).flatMap(({ text }) => instancesOf(text));
  const copied = sources.flatMap(({ path = "" }) => instancesOf(path));
  for (const path of [...folders, ...names, ...copied]) {
    if (isFile(path)) addFile(tree, path);
    else for (const name of ["new.txt", "new/new.txt"]) addFile(tree, `${path}/${name}`);
    addFile(tree, path.includes("/") ? `${path.slice(0, path.lastIndexOf("/"))}/other.txt` : "other.txt");
  }
  const around = new Set(
    folders.map((path) => (isFile(path) ? path.slice(0, Math.max(path.lastIndexOf("/"), 0)) : path)),
  );
  around.delete("");
  for (const folder of [...around].slice(0, mostFolders)) {
    for (const name of names) {
      addFile(tree, `${folder}/${name.slice(name.lastIndexOf("/") + 1)}`);
      if (name.includes("/")) addFile(tree, `${folder}/${name}`);
    }
  }
  // Files that the changed lines match may be added in a folder that an exception includes.
  const letIn = others
    .slice(0, mostLines)
    .flatMap(({ exception, text }) => (exception ? instancesOf(withoutContent(text).join("/")) : []));
  const changedNames = new Set(folders.map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (const folder of letIn.slice(0, mostFolders))
    for (const name of [...changedNames].slice(0, mostFolders)) addFile(tree, `${folder}/${name}`);
  return tree;
}

/** Whether a path looks like that of a file, with an extension. */
function isFile(path: string): boolean {
  return /[^/.]\.\w+$/.test(path);
}

/** Adds a file unless the path exists. If another pattern's file is above it, that file becomes a folder. */
function addFile(tree: PathTree, path: string): void {
  if (tree.find(path) === undefined) tree.add(path, "file", 1);
}
