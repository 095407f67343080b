import { existsSync, readdirSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { memoised } from "../../base/memoised";
import { definitionInvalid } from "../definition/check";
import { isConfined, type Confinement } from "./confinement";
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
  const folders = memberFolders(where, root, within);
  if (root !== project && !folders.includes(project.folder)) return undefined;
  const projects = folders.map((folder) =>
    folder === project.folder ? project : readPyproject(where, join(folder, "pyproject.toml")),
  );
  return {
    root,
    members: new Map([root, ...projects].flatMap((each) => (each.name === undefined ? [] : [[each.name, each]]))),
  };
}

/** Returns the nearest workspace root in the folders above. */
function rootAbove(where: string, { folder }: Pyproject, within: Confinement): Pyproject | undefined {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const file = join(above, "pyproject.toml");
    if (!isConfined(file, within)) return undefined;
    const found = existsSync(file) ? readPyproject(where, file) : undefined;
    if (found?.workspace) return found;
  }
  return undefined;
}

function memberFolders(where: string, { folder: root, file, workspace }: Pyproject, within: Confinement): string[] {
  const budget: Budget = { left: mostFolders, listed: memoised(foldersIn) };
  const patterns = (workspace?.members ?? []).filter(({ length }) => length <= longestPattern);
  const excluded = (workspace?.exclude ?? []).filter(({ length }) => length <= longestPattern);
  const found = [
    ...new Set(patterns.flatMap((pattern) => expand(root, pattern.split("/").filter(isPart), 0, budget))),
  ].filter((folder) => isConfined(folder, within) && existsSync(join(folder, "pyproject.toml")));
  if (lengthOf(found) * lengthOf(excluded) > mostComparisons)
    throw definitionInvalid(
      where,
      `"${file}" excludes too many patterns from the workspace for its ${found.length} members. Shorten the list.`,
    );
  return found.filter((folder) => !excluded.some((pattern) => isMatch(relative(root, folder), pattern))).sort();
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

function isPart(part: string): boolean {
  return part !== "" && part !== ".";
}

/** Number of folders that may still be searched, and the names in those that were. */
interface Budget {
  left: number;
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
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry: Dirent) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name);
  } catch {
    // Uv can't find members in a folder that can't be listed.
    return [];
  }
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
