import { dirname, relative, sep } from "node:path";
import { pathWithin } from "../../base/pathWithin";
import type { Confinement } from "./confinement";
import { readNamed, requireFile } from "./requirePath";

/** Requirements file and the files that it includes. */
export interface RequirementFiles {
  /** Deepest folder that contains all files. */
  readonly folder: string;
  /** Paths relative to the folder, with slashes; the first is the file itself, the others are sorted. */
  readonly paths: readonly [main: string, ...included: string[]];
}

/**
 * Finds all files that a requirements file includes with `-r` and `-c`, whose paths are relative to the including file,
 * as in pip.
 *
 * @throws ImageBuilderError `imageFileMissing`
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function requirementFiles(where: string, file: string, within?: Confinement): RequirementFiles {
  const found = new Set([file]);
  for (const each of found) {
    for (const path of includes(readNamed(where, each))) found.add(requireFile(where, dirname(each), path, within));
  }
  const files = [...found];
  const folder = files.map((each) => dirname(each)).reduce(commonFolder);
  const [main = "", ...included] = files.map((each) => relative(folder, each).split(sep).join("/"));
  return { folder, paths: [main, ...included.sort()] };
}

/** Returns the deepest folder that contains both absolute paths. */
export function commonFolder(a: string, b: string): string {
  for (let folder = a; ; folder = dirname(folder)) {
    if (pathWithin(folder, b) !== undefined || dirname(folder) === folder) return folder;
  }
}

function includes(text: string): string[] {
  const joined = text.replace(/\\\r?\n/g, "");
  const paths = Array.from(
    joined.matchAll(/^[ \t]*(?:-r|-c|--requirement|--constraint)(?:[ \t]*=[ \t]*|[ \t]*)([^\s#=][^\r\n#]*)/gm),
    ([, path = ""]) => path.trim().replace(/^(["'])(.*)\1$/, "$2"),
  );
  return paths.filter((path) => !/^[a-z+]+:\/\//i.test(path));
}
