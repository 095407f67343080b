import { dirname, resolve } from "node:path";
import { definitionInvalid } from "../definition/check";
import type { ProjectInstallMode, UvProjectLayer } from "../definition/layers";
import { checkNoCredential } from "../definition/pipOptions";
import { folderOf, foreignSources, partsOf, type ForeignSource, type ProjectFacts } from "../files/localSources";
import { packageName } from "../files/packageName";
import { once } from "../files/readOnce";
import { installedWith, type LockedPackage } from "../files/uvLock";

/** Arguments for pip that describe a uv project. */
export interface PlainDependencies {
  readonly dependencies: readonly string[];
  /** Lines of a constraints file: versions, and sources of packages that are in no index. */
  readonly constraints: readonly PlainConstraint[];
  /** The index in place of PyPI that the project itself names. */
  readonly indexUrl: string | undefined;
}

/** A line of a constraints file; a path on this machine is still to be replaced by its place in the image. */
export interface PlainConstraint {
  readonly name: string;
  readonly version?: string;
  readonly url?: string;
  readonly path?: string;
  readonly marker?: string;
}

/**
 * What pip has to be told to install what uv would: pip knows no lock file and no sources, and would take a package of
 * the same name from an index in place of one that the project has elsewhere.
 *
 * @param uv the table `[tool.uv]` of a script
 * @throws ImageBuilderError `imageInvalid` for dependencies that pip doesn't support
 */
export function plainDependencies(
  facts: ProjectFacts,
  mode: ProjectInstallMode,
  { pip, extras = [], groups = [] }: Pick<UvProjectLayer, "pip" | "extras" | "groups">,
  uv: Readonly<Record<string, unknown>> = {},
): PlainDependencies {
  const { where, project, workspace, lock } = facts;
  const refused = (what: string): Error =>
    definitionInvalid(
      where,
      `pip can't install the project "${project.file}": ${what}. Install it with uv, or change it.`,
    );
  if (project.isDynamic && mode === "dependencies_only")
    throw refused("its dependencies are dynamic, so only installing the project itself tells them");
  if (uv["exclude-newer"] !== undefined) throw refused("it has exclude-newer, which pip doesn't know");
  const indexes = [...new Set([project, ...(workspace ? [workspace.root] : [])])].flatMap((each) => each.indexes);
  const further = indexes.find(({ isDefault, isExplicit }) => !isDefault && !isExplicit);
  if (further && pip.indexUrl === undefined)
    throw refused(`it prefers the index "${further.name ?? further.url}", and pip prefers no index to another`);
  const defaultUrl = indexes.find(({ isDefault }) => isDefault)?.url;
  const sources = foreignSources(facts, facts.withGroups);
  const ofIndex = sources.find(({ source }) => source.kind === "index");
  if (ofIndex) throw refused(`"${ofIndex.name}" comes from one index only, and pip takes it from any index`);
  return {
    dependencies: [
      ...project.dependencies,
      ...[...new Set(extras.map(packageName))].flatMap((name) => project.extras.get(name) ?? []),
      ...project.groups.dependenciesOf(groups),
    ].map((each) => checkNoCredential(where, `the dependency of "${project.file}"`, each)),
    constraints: lock ? lockedConstraints(facts, lock) : sources.flatMap((each) => constraintOf(each, facts)),
    indexUrl: defaultUrl && checkNoCredential(where, `the index of "${project.file}"`, defaultUrl),
  };
}

function constraintOf(foreign: ForeignSource, { workspace }: ProjectFacts): PlainConstraint[] {
  const { name, source } = foreign;
  const { marker } = source;
  const path = folderOf(foreign, workspace);
  if (path !== undefined) return [{ name, path, marker }];
  if (source.kind === "url") return [{ name, url: source.url, marker }];
  return source.kind === "git" ? [{ name, url: gitUrl(source.url, source.revision, source.subdirectory), marker }] : [];
}

/**
 * Packages that are locked in several versions are left open, for pip knows only one line for each. What isn't
 * installed is no harm, but for paths that would have to be mounted.
 */
function lockedConstraints(facts: ProjectFacts, lock: NonNullable<ProjectFacts["lock"]>): readonly PlainConstraint[] {
  return once("lockedConstraints", partsOf(facts), () => allLockedConstraints(facts, lock));
}

function allLockedConstraints(
  { project, withGroups }: ProjectFacts,
  { file, content }: NonNullable<ProjectFacts["lock"]>,
): PlainConstraint[] {
  const installed = new Set(installedWith(content, project.name, withGroups));
  const found = new Map<string, PlainConstraint | undefined>();
  for (const each of content.packages) {
    const constraint = constraintOfLocked(each, dirname(file));
    if (!constraint || constraint.path === project.folder || (constraint.path !== undefined && !installed.has(each)))
      continue;
    found.set(each.name, found.has(each.name) ? undefined : constraint);
  }
  return [...found.values()].filter((each) => each !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function constraintOfLocked(
  { name, version, source, subdirectory }: LockedPackage,
  top: string,
): PlainConstraint | undefined {
  switch (source?.kind) {
    case "registry":
      return version === undefined ? undefined : { name, version };
    case "git": {
      const [address = "", commit] = source.place.split("#");
      const [url = "", query] = address.split("?");
      const parameters = new URLSearchParams(query);
      return { name, url: gitUrl(url, commit, parameters.get("subdirectory") ?? undefined) };
    }
    case "url":
      return { name, url: subdirectory === undefined ? source.place : `${source.place}#subdirectory=${subdirectory}` };
    case "virtual":
    case undefined:
      return undefined;
    default:
      return { name, path: resolve(top, source?.place ?? "") };
  }
}

function gitUrl(url: string, revision: string | undefined, subdirectory: string | undefined): string {
  const address = url.startsWith("git+") ? url : `git+${url}`;
  const at = revision === undefined ? "" : `@${revision}`;
  return `${address}${at}${subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`}`;
}
