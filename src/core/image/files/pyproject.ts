import { dirname } from "node:path";
import { isTable, readToml, tableIn, textsIn } from "./toml";

/** Where uv takes a dependency from in place of an index. */
export type UvSource = (
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "workspace" }
  | { readonly kind: "git"; readonly url: string; readonly revision?: string; readonly subdirectory?: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "index"; readonly index: string }
) & {
  /** In which environments it applies, as a marker says. */
  readonly marker?: string;
};

/** What a `pyproject.toml` says, as far as installing the project needs it. */
export interface Pyproject {
  /** Absolute path. */
  readonly file: string;
  readonly folder: string;
  /** As indexes compare it. */
  readonly name: string | undefined;
  readonly requiresPython: string | undefined;
  readonly dependencies: readonly string[];
  /** All others: of extras and of dependency groups. */
  readonly furtherDependencies: readonly string[];
  /** The dependencies of each extra, by its name as indexes compare it. */
  readonly extras: ReadonlyMap<string, readonly string[]>;
  /** The dependencies of each group, those of groups that it includes among them. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Whether the dependencies are only told by building the project. */
  readonly isDynamic: boolean;
  /** By the names of packages. */
  readonly sources: ReadonlyMap<string, readonly UvSource[]>;
  /** The indexes that uv asks besides, in their order. */
  readonly indexes: readonly UvIndex[];
  /** Patterns of the members' folders, of the root of a workspace. */
  readonly workspace: { readonly members: readonly string[]; readonly exclude: readonly string[] } | undefined;
}

/** An index of `[[tool.uv.index]]`. */
interface UvIndex {
  readonly name: string | undefined;
  readonly url: string;
  /** Whether it takes PyPI's place. */
  readonly isDefault: boolean;
  /** Whether only packages are taken from it whose source names it. */
  readonly isExplicit: boolean;
}

/**
 * Reads a `pyproject.toml`.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML
 * @see https://docs.astral.sh/uv/concepts/projects/dependencies/
 */
export function readPyproject(where: string, file: string): Pyproject {
  return pyprojectOf(file, readToml(where, file));
}

/** What the content of a `pyproject.toml` says. */
export function pyprojectOf(file: string, content: Readonly<Record<string, unknown>>): Pyproject {
  const project = tableIn(content, "project");
  const workspace = tableIn(content, "tool", "uv").workspace;
  const dynamic = textsIn(project.dynamic);
  const extras = new Map(
    Object.entries(tableIn(project, "optional-dependencies")).map(([name, list]) => [packageName(name), textsIn(list)]),
  );
  const groups = dependencyGroups(content);
  return {
    file,
    folder: dirname(file),
    name: typeof project.name === "string" ? packageName(project.name) : undefined,
    requiresPython: typeof project["requires-python"] === "string" ? project["requires-python"] : undefined,
    dependencies: textsIn(project.dependencies),
    furtherDependencies: [...extras.values(), ...groups.values()].flat(),
    extras,
    groups,
    isDynamic: dynamic.includes("dependencies") || dynamic.includes("optional-dependencies"),
    sources: uvSources(tableIn(content, "tool", "uv")),
    indexes: uvIndexes(tableIn(content, "tool", "uv")),
    workspace: isTable(workspace)
      ? { members: textsIn(workspace.members), exclude: textsIn(workspace.exclude) }
      : undefined,
  };
}

/** Groups of `[dependency-groups]`, and uv's older list for development. */
function dependencyGroups(content: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly string[]> {
  const given = new Map<string, readonly unknown[]>();
  const older = tableIn(content, "tool", "uv")["dev-dependencies"];
  for (const [name, list] of [["dev", older], ...Object.entries(tableIn(content, "dependency-groups"))] as const)
    if (Array.isArray(list)) given.set(packageName(name), [...(given.get(packageName(name)) ?? []), ...list]);
  const included = (names: Set<string>): string[] => {
    for (const name of names)
      for (const each of given.get(name) ?? [])
        if (isTable(each) && typeof each["include-group"] === "string") names.add(packageName(each["include-group"]));
    return [...names].flatMap((name) => textsIn(given.get(name)));
  };
  return new Map([...given.keys()].map((name) => [name, included(new Set([name]))]));
}

/** The `sources` of a table `[tool.uv]`. */
function uvSources(uv: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly UvSource[]> {
  return new Map(
    Object.entries(tableIn(uv, "sources")).map(([name, given]) => [
      packageName(name),
      [given].flat().flatMap((each: unknown) => sourceOf(each) ?? []),
    ]),
  );
}

/** The `index` entries of a table `[tool.uv]`. */
function uvIndexes({ index }: Readonly<Record<string, unknown>>): UvIndex[] {
  return (Array.isArray(index) ? index : []).flatMap((each: unknown) =>
    isTable(each) && typeof each.url === "string"
      ? [
          {
            name: typeof each.name === "string" ? each.name : undefined,
            url: each.url,
            isDefault: each.default === true,
            isExplicit: each.explicit === true,
          },
        ]
      : [],
  );
}

/**
 * A package's name as indexes compare it.
 *
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
export function packageName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The name that a dependency begins with, as indexes compare it. */
export function nameOfDependency(dependency: string): string {
  const [name = ""] = /^[A-Za-z0-9][\w.-]*/.exec(dependency.trim()) ?? [];
  return packageName(name);
}

function sourceOf(given: unknown): UvSource | undefined {
  if (!isTable(given)) return undefined;
  const text = (key: string): string | undefined => (typeof given[key] === "string" ? given[key] : undefined);
  const marker = text("marker");
  const [path, git, url, index] = [text("path"), text("git"), text("url"), text("index")];
  if (given.workspace === true) return { kind: "workspace", marker };
  if (path !== undefined) return { kind: "path", path, marker };
  const subdirectory = text("subdirectory");
  const revision = text("rev") ?? text("tag") ?? text("branch");
  if (git !== undefined) return { kind: "git", url: git, revision, subdirectory, marker };
  if (url !== undefined) return { kind: "url", url, marker };
  return index === undefined ? undefined : { kind: "index", index, marker };
}
