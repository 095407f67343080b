import { dirname, relative, sep } from "node:path";
import { pathWithin } from "../../base/pathWithin";
import type { Confinement } from "./confinement";
import { readNamed, requireFile } from "./requirePath";

/** A requirements file with those it includes. */
export interface RequirementFiles {
  /** The deepest folder that holds them all. */
  readonly folder: string;
  /** Slash-separated and relative to the folder; the first is the file itself, the others are sorted. */
  readonly paths: readonly [main: string, ...included: string[]];
}

/**
 * A requirements file and all that it includes by `-r` and `-c`, which pip looks for beside the file that says so.
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

/** The deepest folder that both absolute paths are in. */
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
