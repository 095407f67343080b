import type { CopySource } from "../../../dockerfile/copySources";
import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { PathTree } from "../../tree/pathTree";
import { withoutContent } from "../state/narrows";
import { instancesOf } from "../state/pathPatterns";

/** Of how many lines that stay as they are paths are made up. */
const mostLines = 200;
/** How many folders get a file by the name of every other line. */
const mostFolders = 20;

/**
 * Files that are not there: such as the changed lines of an ignore file and the others match, what may lie in folders
 * of these names, and the sources of the Dockerfiles.
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
  // What the changed lines are for may come in a folder that an exception lets in.
  const letIn = others
    .slice(0, mostLines)
    .flatMap(({ exception, text }) => (exception ? instancesOf(withoutContent(text).join("/")) : []));
  const changedNames = new Set(folders.map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (const folder of letIn.slice(0, mostFolders))
    for (const name of [...changedNames].slice(0, mostFolders)) addFile(tree, `${folder}/${name}`);
  return tree;
}

/** Whether a path ends as files do. */
function isFile(path: string): boolean {
  return /[^/.]\.\w+$/.test(path);
}

/** What lies in a file of another pattern's name makes it a folder. */
function addFile(tree: PathTree, path: string): void {
  if (tree.find(path) === undefined) tree.add(path, "file", 1);
}
