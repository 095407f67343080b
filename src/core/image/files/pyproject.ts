import { dirname } from "node:path";
import type { Confinement } from "./confinement";
import { DependencyGroups } from "./dependencyGroups";
import { packageName } from "./packageName";
import { once } from "./readOnce";
import { isTable, readToml, tableIn, textsIn } from "./toml";

/** Source of a dependency that uv uses instead of an index. */
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

/** Parts of a `pyproject.toml` that installing the project needs. */
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
  readonly groups: DependencyGroups;
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
export function readPyproject(where: string, file: string, within: Confinement): Pyproject {
  return once("readPyproject", [where, file, within], () => pyprojectOf(file, readToml(where, file, within)));
}

/** Parses the content of a `pyproject.toml`. */
export function pyprojectOf(file: string, content: Readonly<Record<string, unknown>>): Pyproject {
  const project = tableIn(content, "project");
  const workspace = tableIn(content, "tool", "uv").workspace;
  const dynamic = textsIn(project.dynamic);
  const extras = new Map(
    Object.entries(tableIn(project, "optional-dependencies")).map(([name, list]) => [packageName(name), textsIn(list)]),
  );
  const groups = new DependencyGroups(content);
  return {
    file,
    folder: dirname(file),
    name: typeof project.name === "string" ? packageName(project.name) : undefined,
    requiresPython: typeof project["requires-python"] === "string" ? project["requires-python"] : undefined,
    dependencies: textsIn(project.dependencies),
    furtherDependencies: [...[...extras.values()].flat(), ...groups.all()],
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

/** Returns the `sources` of a table `[tool.uv]`. */
function uvSources(uv: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly UvSource[]> {
  return new Map(
    Object.entries(tableIn(uv, "sources")).map(([name, given]) => [
      packageName(name),
      [given].flat().flatMap((each: unknown) => sourceOf(each) ?? []),
    ]),
  );
}

/** Returns the `index` entries of a table `[tool.uv]`. */
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

/** Returns the name that a dependency begins with, as indexes compare it. */
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
