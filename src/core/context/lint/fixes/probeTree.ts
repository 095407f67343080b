import type { CopySource } from "../../../dockerfile/copySources";
import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { PathTree } from "../../tree/pathTree";
import { withoutContent } from "../state/narrows";
import { instancesOf, isAtOrBelow } from "../state/pathPatterns";

/** Maximum number of other lines for which paths are created. */
const mostLines = 200;
/** Maximum number of folders that get a file with the name of every other line. */
const mostFolders = 20;
/** First name in a pattern that stands for a folder of any name. */
const wildFolder = /^((?:[^*/]+\/)*)\*{1,2}\//;

/**
 * Creates a tree of hypothetical files: paths that the changed and the other lines of an ignore file match, files in
 * folders with these names, and the sources of the Dockerfiles.
 *
 * @param kind what a name without an extension is; of files, nothing is below what the changed lines match
 */
export function probeTree(
  changed: readonly IgnorePattern[],
  others: readonly IgnorePattern[],
  sources: readonly CopySource[],
  kind: "file" | "folder",
): PathTree {
  const isFile = (path: string): boolean => kind === "file" || hasExtension(path);
  const tree = new PathTree();
  const folders = changed.flatMap(({ text }) => samplesOf(text));
  const names = others.slice(0, mostLines).flatMap(({ text }) => samplesOf(text));
  const own = new Set(kind === "file" ? folders : []);
  const add = (path: string): void => {
    if (own.has(path) || !isAtOrBelow(path, own)) addFile(tree, path);
  };
  const copied = sources.flatMap(({ path = "" }) => samplesOf(path));
  const below = folderNames(others).flatMap((folder) =>
    changed.flatMap(({ text }) => (wildFolder.test(text) ? samplesOf(text.replace(wildFolder, `$1${folder}/`)) : [])),
  );
  for (const path of [...folders, ...names, ...copied, ...below]) {
    if (isFile(path)) add(path);
    else for (const name of ["new.txt", "new/new.txt"]) add(`${path}/${name}`);
    add(path.includes("/") ? `${path.slice(0, path.lastIndexOf("/"))}/other.txt` : "other.txt");
  }
  const around = new Set(
    folders.map((path) => (isFile(path) ? path.slice(0, Math.max(path.lastIndexOf("/"), 0)) : path)),
  );
  around.delete("");
  for (const folder of [...around].slice(0, mostFolders)) {
    for (const name of names) {
      add(`${folder}/${name.slice(name.lastIndexOf("/") + 1)}`);
      if (name.includes("/")) add(`${folder}/${name}`);
    }
  }
  // Files that the lines match may be added in a folder that an exception includes.
  const letIn = others
    .slice(0, mostLines)
    .flatMap(({ exception, text }) => (exception ? samplesOf(withoutContent(text).join("/")) : []));
  const lastNames = new Set([...folders, ...names].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (const folder of letIn.filter((path) => !isFile(path)).slice(0, mostFolders))
    for (const name of [...lastNames].slice(0, mostFolders)) add(`${folder}/${name}`);
  return tree;
}

/** Returns paths that a line matches. Docker takes `|` for that of a regular expression, so each side is a line too. */
function samplesOf(text: string): string[] {
  const sides = text.includes("|") ? [text, ...text.split("|")] : [text];
  return [...new Set(sides.flatMap(instancesOf))];
}

/** Returns the folders that other lines may mean, which a wildcard of a changed line can stand for. */
function folderNames(others: readonly IgnorePattern[]): string[] {
  const paths = others.flatMap(({ text }) => samplesOf(withoutContent(text).join("/")));
  return [...new Set(paths.filter((path) => !hasExtension(path) && !path.includes("$")))].slice(0, mostFolders);
}

/** Whether a path looks like that of a file. */
function hasExtension(path: string): boolean {
  return /[^/.]\.\w+$/.test(path);
}

/** Adds a file unless the path exists. If another pattern's file is above it, that file becomes a folder. */
function addFile(tree: PathTree, path: string): void {
  if (tree.find(path) === undefined) tree.add(path, "file", 1);
}
