import { existsSync, readdirSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isConfined, type Confinement } from "./confinement";
import { readPyproject, type Pyproject } from "./pyproject";

/** A uv workspace: projects that share a lock file. */
export interface Workspace {
  readonly root: Pyproject;
  /** All projects with the root, by their names. */
  readonly members: ReadonlyMap<string, Pyproject>;
}

/** How many folders are looked at for members, so that a pattern such as `**` ends. */
const mostFolders = 5_000;

/**
 * The workspace that a project belongs to; nothing for a project on its own.
 *
 * @param within folders outside of which no workspace is looked for
 * @throws ImageBuilderError `imageInvalid` for a file that is not TOML
 * @see https://docs.astral.sh/uv/concepts/projects/workspaces/
 */
export function workspaceOf(where: string, project: Pyproject, within?: Confinement): Workspace | undefined {
  const root = project.workspace ? project : rootAbove(where, project, within);
  if (!root?.workspace) return undefined;
  const folders = memberFolders(root, within);
  if (root !== project && !folders.includes(project.folder)) return undefined;
  const projects = folders.map((folder) =>
    folder === project.folder ? project : readPyproject(where, join(folder, "pyproject.toml")),
  );
  return {
    root,
    members: new Map([root, ...projects].flatMap((each) => (each.name === undefined ? [] : [[each.name, each]]))),
  };
}

/** The nearest workspace root in the folders above. */
function rootAbove(where: string, { folder }: Pyproject, within: Confinement): Pyproject | undefined {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const file = join(above, "pyproject.toml");
    if (!isConfined(file, within)) return undefined;
    const found = existsSync(file) ? readPyproject(where, file) : undefined;
    if (found?.workspace) return found;
  }
  return undefined;
}

function memberFolders({ folder: root, workspace }: Pyproject, within: Confinement): string[] {
  const budget = { left: mostFolders };
  const found = new Set(
    (workspace?.members ?? []).flatMap((pattern) => expand(root, pattern.split("/").filter(isPart), budget)),
  );
  return [...found]
    .filter((folder) => !(workspace?.exclude ?? []).some((pattern) => isMatch(relative(root, folder), pattern)))
    .filter((folder) => isConfined(folder, within) && existsSync(join(folder, "pyproject.toml")))
    .sort();
}

function isPart(part: string): boolean {
  return part !== "" && part !== ".";
}

function expand(folder: string, [part, ...rest]: readonly string[], budget: { left: number }): string[] {
  if (part === undefined) return [folder];
  if (!/[*?]/.test(part)) return expand(join(folder, part), rest, budget);
  if (budget.left-- <= 0) return [];
  const inner = foldersIn(folder);
  if (part === "**") {
    return [
      ...expand(folder, rest, budget),
      ...inner.flatMap((name) => expand(join(folder, name), ["**", ...rest], budget)),
    ];
  }
  return inner.filter((name) => matchesName(name, part)).flatMap((name) => expand(join(folder, name), rest, budget));
}

/** No project is in a hidden folder, which uv passes over, too. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry: Dirent) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name);
  } catch {
    // What can't be listed has no members that uv could find.
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

/** `**` also stands for no folder at all. */
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
