import { dirname, isAbsolute, relative, sep } from "node:path";
import { contactedHost } from "../../base/contactedHost";
import { pathWithin } from "../../base/pathWithin";
import { definitionInvalid } from "../definition/check";
import { LinkedFiles } from "./linkedFiles";
import { once } from "./readOnce";
import { isLocalRequirement, requirementLines, type RequirementLine } from "./requirementLines";
import { forAll } from "./outsideError";
import type { Confinement } from "./confinement";
import { readNamed, requireFile } from "./requirePath";

/** Requirements file and the files that it includes. */
export interface RequirementFiles {
  /** Deepest folder that contains all files. */
  readonly folder: string;
  /** Paths relative to the folder, with slashes; the first is the file itself, the others are sorted. */
  readonly paths: readonly [main: string, ...included: string[]];
  /** Packages that are fetched by git, as they are written. */
  readonly gitPackages?: readonly string[];
}

/**
 * Finds all files that a requirements file includes with `-r` and `-c`, whose paths are relative to the including file,
 * as in pip.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for paths on this machine, and for files that links
 * include in endlessly many ways
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function requirementFiles(where: string, file: string, within?: Confinement): RequirementFiles {
  return once("requirementFiles", [where, file, within], () => includedFiles(where, file, within));
}

function includedFiles(where: string, file: string, within: Confinement): RequirementFiles {
  const found = new Set([file]);
  const links = new LinkedFiles();
  const gitPackages: string[] = [];
  for (const each of found) {
    if (!links.mayFollow(each))
      throw definitionInvalid(where, `"${file}" includes "${each}" by too many paths. Remove the links between them.`);
    forAll(requirementLines(readNamed(where, each, within)), (line) => {
      checkTravels(where, each, line);
      if (/(?:^|[\s@])git\+/.test(line.text)) gitPackages.push(line.value);
      if (isInclusion(line.option) && line.value !== "" && !isUrl(line.value))
        found.add(requireFile(where, dirname(each), line.value, within));
    });
  }
  const files = [...found];
  const folder = files.map((each) => dirname(each)).reduce(commonFolder);
  const [main = "", ...included] = files.map((each) => relative(folder, each).split(sep).join("/"));
  return { folder, paths: [main, ...included.sort()], ...(gitPackages.length > 0 && { gitPackages }) };
}

/** Returns the deepest folder that contains both absolute paths. */
export function commonFolder(a: string, b: string): string {
  for (let folder = a; ; folder = dirname(folder)) {
    if (pathWithin(folder, b) !== undefined || dirname(folder) === folder) return folder;
  }
}

/** Paths on this machine aren't there during the build, and what is installed as a link would be gone after it. */
function checkTravels(where: string, file: string, { line, text, option, value }: RequirementLine): void {
  const isAbsent = isAbsolute(value) || /^file:/i.test(value);
  // `requireFile` refuses a path on another computer.
  if (isInclusion(option) && isAbsent && contactedHost(value, dirname(file)) === undefined)
    throw definitionInvalid(
      where,
      `line ${line} of "${file}" is "${text}", but this path doesn't exist during the build. ` +
        "Use a path relative to the file.",
    );
  const isLocal =
    option === undefined || option === "--editable"
      ? isLocalRequirement(value)
      : option === "--find-links" && !isUrl(value) && value !== "";
  if (!isLocal) return;
  throw definitionInvalid(
    where,
    `line ${line} of "${file}" is "${text}", a path on this machine, which the build doesn't have. ` +
      "Remove the line, and install a project with uvProject or poetryProject.",
  );
}

function isInclusion(option: string | undefined): boolean {
  return option === "--requirement" || option === "--constraint";
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}
