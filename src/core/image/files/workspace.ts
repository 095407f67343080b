import { opendirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { contactedHost, isThere } from "../../base/contactedHost";
import { ImageBuilderError } from "../../base/errors";
import { memoised } from "../../base/memoised";
import { definitionInvalid } from "../definition/check";
import { listed } from "./confinedFiles";
import { checkConfined, isConfined, isReadable, type Confinement } from "./confinement";
import { forAll } from "./outsideError";
import { readPyproject, type Pyproject } from "./pyproject";
import { once } from "./readOnce";

/** A uv workspace: projects that share a lock file. */
export interface Workspace {
  readonly root: Pyproject;
  /** All projects with the root, by their names. */
  readonly members: ReadonlyMap<string, Pyproject>;
}

/** Maximum number of folders to search for members, so that a pattern such as `**` ends. */
const mostFolders = 5_000;

/** How many names in them are looked at. */
const mostNames = 100_000;

/** Longer than any path that a system allows, in characters. */
const longestPattern = 4_096;

/** Maximum product of the characters of paths and of the patterns that they are compared with. */
const mostComparisons = 20_000_000;

/**
 * Returns the workspace that a project belongs to; nothing for a project on its own.
 *
 * @param within folders outside of which no workspace is looked for
 * @throws ImageBuilderError `imageInvalid` for a file that is not TOML, and for too many patterns
 * @see https://docs.astral.sh/uv/concepts/projects/workspaces/
 */
export function workspaceOf(where: string, project: Pyproject, within?: Confinement): Workspace | undefined {
  return once("workspaceOf", [where, project, within], () => foundWorkspace(where, project, within));
}

function foundWorkspace(where: string, project: Pyproject, within: Confinement): Workspace | undefined {
  const root = project.workspace ? project : rootAbove(where, project, within);
  if (!root?.workspace) return undefined;
  if (root !== project && !isConfined(root.folder, within) && !mayHave(root, project.folder)) return undefined;
  // The person is asked about the whole workspace instead of each of its members.
  checkConfined(root.folder, within);
  const folders = memberFolders(where, root, within);
  if (root !== project && !folders.includes(project.folder)) return undefined;
  const projects = forAll(folders, (folder) => {
    if (folder === project.folder) return project;
    checkConfined(folder, within);
    const file = join(folder, "pyproject.toml");
    checkConfined(file, within);
    return readPyproject(where, file, within);
  });
  return {
    root,
    members: new Map([root, ...projects].flatMap((each) => (each.name === undefined ? [] : [[each.name, each]]))),
  };
}

/** Returns the nearest workspace root in the folders above. */
function rootAbove(where: string, { folder }: Pyproject, within: Confinement): Pyproject | undefined {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const file = join(above, "pyproject.toml");
    if (within && within.asks !== true && !isConfined(file, within)) return undefined;
    const found = isReadable(file, within) ? readPyproject(where, file, within) : undefined;
    if (found?.workspace) return found;
  }
  return undefined;
}

/** Whether a folder matches the patterns of a workspace's members. */
function mayHave({ folder: root, workspace }: Pyproject, folder: string): boolean {
  const way = relative(root, folder);
  return (workspace?.members ?? []).some((pattern) => pattern.length <= longestPattern && isMatch(way, pattern));
}

function memberFolders(where: string, { folder: root, file, workspace }: Pyproject, within: Confinement): string[] {
  const budget: Budget = {
    left: mostFolders,
    names: mostNames,
    listed: memoised((folder: string) =>
      contactedHost(folder, root) === undefined ? foldersIn(folder, budget, within) : [],
    ),
  };
  const patterns = (workspace?.members ?? []).filter(({ length }) => length <= longestPattern);
  const excluded = (workspace?.exclude ?? []).filter(({ length }) => length <= longestPattern);
  const found = [
    ...new Set(forAll(patterns, (pattern) => expand(root, pattern.split("/").filter(isPart), 0, budget)).flat()),
  ].filter((folder) => mayBeLookedFor(folder, root, within) && isThere(join(folder, "pyproject.toml")));
  if (lengthOf(found) * lengthOf(excluded) > mostComparisons)
    throw definitionInvalid(
      where,
      `"${file}" excludes too many patterns from the workspace for its ${found.length} members. Shorten the list.`,
    );
  return found.filter((folder) => !excluded.some((pattern) => isMatch(relative(root, folder), pattern))).sort();
}

/** Whether a member may be looked for: also outside, if the person may be asked about its files. */
function mayBeLookedFor(folder: string, root: string, within: Confinement): boolean {
  return contactedHost(folder, root) === undefined && (within?.asks === true || isConfined(folder, within));
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

function isPart(part: string): boolean {
  return part !== "" && part !== ".";
}

/** Number of folders and of names in them that may still be searched, and the names in those that were. */
interface Budget {
  left: number;
  names: number;
  readonly listed: (folder: string) => readonly string[];
}

/** @param at the part of the pattern that the names in the folder are compared with */
function expand(folder: string, parts: readonly string[], at: number, budget: Budget): string[] {
  const literal = partsUntilPattern(parts, at);
  if (literal > at) return expand(join(folder, ...parts.slice(at, literal)), parts, literal, budget);
  const part = parts[at];
  if (part === undefined) return [folder];
  if (budget.left-- <= 0) return [];
  const inner = budget.listed(folder);
  if (part === "**") {
    return [
      ...expand(folder, parts, at + 1, budget),
      ...inner.flatMap((name) => expand(join(folder, name), parts, at, budget)),
    ];
  }
  return inner
    .filter((name) => matchesName(name, part))
    .flatMap((name) => expand(join(folder, name), parts, at + 1, budget));
}

/** Returns the index of the first part from `at` on that is a pattern. */
function partsUntilPattern(parts: readonly string[], at: number): number {
  let end = at;
  while (end < parts.length && !/[*?]/.test(parts[end] ?? "")) end++;
  return end;
}

/** No project is in a hidden folder, which uv passes over, too. */
function foldersIn(folder: string, budget: Budget, within: Confinement): string[] {
  try {
    return listed(folder, within, (place) => foldersAt(place, budget)) ?? [];
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    // Uv can't find members in a folder that can't be listed.
    return [];
  }
}

function foldersAt(place: string, budget: Budget): string[] {
  const found: string[] = [];
  const names = opendirSync(place);
  try {
    for (let entry = names.readSync(); entry && budget.names-- > 0; entry = names.readSync())
      if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules") found.push(entry.name);
  } finally {
    names.closeSync();
  }
  return found;
}

/** Follows all ways to match at once, so that no pattern takes long. */
function isMatch(path: string, pattern: string): boolean {
  const parts = pattern.split("/").filter(isPart);
  let states = skipStars(new Set([0]), parts);
  for (const name of path.split(sep)) {
    const next = [...states].flatMap((state) => {
      const part = parts[state];
      if (part === undefined) return [];
      if (part === "**") return [state];
      return matchesName(name, part) ? [state + 1] : [];
    });
    states = skipStars(new Set(next), parts);
  }
  return states.has(parts.length);
}

/** `**` also matches no folder at all. */
function skipStars(states: Set<number>, parts: readonly string[]): Set<number> {
  for (const state of states) if (parts[state] === "**") states.add(state + 1);
  return states;
}

/** Whether a name matches a pattern of `*` and `?`, in linear steps for each star. */
function matchesName(name: string, pattern: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (from < pattern.length && (pattern[from] === "?" || (pattern[from] === name[at] && pattern[from] !== "*"))) {
      at++;
      from++;
    } else if (pattern[from] === "*") {
      [star, mark] = [from++, at];
    } else if (star >= 0) {
      from = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[from] === "*") from++;
  return from === pattern.length;
}
