import { dirname, join, relative, sep } from "node:path";
import { isThere } from "../../base/contactedHost";
import { readRegularFile } from "../files/readRegularFile";
import type { GitIgnoreFile, GitIgnoreFiles } from "./gitIgnored";

/** Maximum size of a `.gitignore` in bytes; larger files are not used. */
const longestFile = 1_048_576;

/**
 * Returns the `.gitignore` files that apply to a folder: those in the folders from its repository's root down to it.
 * Outside a repository, only its own.
 *
 * @param folder absolute path
 */
export function readGitIgnoreFiles(folder: string): GitIgnoreFiles {
  const root = repositoryOf(folder) ?? folder;
  const context = relative(root, folder).split(sep).join("/");
  const names = context === "" ? [] : context.split("/");
  const folders = ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))];
  const above = folders.flatMap((each) => ignoreFileIn(root, each));
  return { context, above, read: (path) => Promise.resolve(textOf(join(folder, path, ".gitignore"))) };
}

function ignoreFileIn(root: string, folder: string): GitIgnoreFile[] {
  const text = textOf(join(root, folder, ".gitignore"));
  return text === undefined ? [] : [{ name: folder === "" ? ".gitignore" : `${folder}/.gitignore`, folder, text }];
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (isThere(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Returns undefined for a file that can't be read, which Git skips too, and for one that is too large. */
function textOf(file: string): string | undefined {
  try {
    const bytes = readRegularFile(file)?.bytes;
    return bytes && bytes.length <= longestFile ? bytes.toString("utf8") : undefined;
  } catch {
    return undefined;
  }
}
