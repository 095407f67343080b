import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isThere } from "../../base/contactedHost";
import { definitionInvalid } from "../definition/check";
import { checkConfined, type Confinement } from "./confinement";
import { LinkedFiles } from "./linkedFiles";
import { forAll } from "./outsideError";
import { packageName } from "./packageName";
import { once } from "./readOnce";
import { nameOfDependency, readPyproject, type Pyproject, type UvSource } from "./pyproject";
import { checkHere, requirePath } from "./requirePath";
import { installedWith, isLocal, type UvLock } from "./uvLock";
import type { Workspace } from "./workspace";

/** A package on this machine that a project depends on. */
export interface LocalSource {
  /** As indexes compare it. */
  readonly name: string;
  /** Absolute path of its folder, wheel or archive. */
  readonly path: string;
}

/** A uv project with all that tells what it depends on. */
export interface ProjectFacts {
  readonly where: string;
  readonly project: Pyproject;
  readonly workspace: Workspace | undefined;
  readonly lock: { readonly file: string; readonly content: UvLock } | undefined;
  /** Whether dependency groups are installed. */
  readonly withGroups: boolean;
  readonly within: Confinement;
}

/** Source of a package that is not from an index. */
export interface ForeignSource {
  readonly name: string;
  /** The project file that says so, to which a path is relative. */
  readonly namedIn: Pyproject;
  readonly source: UvSource;
}

/**
 * Returns the packages on this machine that a uv project depends on, however far: by its lock file, else by the sources
 * of the projects, each of which names them relative to itself.
 *
 * @throws ImageBuilderError `imageInvalid` for a path that can't be mounted, `imageFileMissing` for a missing one
 */
export function localSources(facts: ProjectFacts): readonly LocalSource[] {
  return once("localSources", partsOf(facts), () => allLocalSources(facts));
}

/** Returns what identifies the facts for `once`. */
export function partsOf({ where, project, workspace, lock, withGroups, within }: ProjectFacts): readonly unknown[] {
  return [where, project, workspace, lock?.content, lock?.file, withGroups, within];
}

function allLocalSources(facts: ProjectFacts): LocalSource[] {
  const found = facts.lock ? lockedSources(facts, facts.lock) : sourcesWithoutLock(facts);
  const own = facts.project.folder;
  const others = new Map(found.filter(({ path }) => path !== own).map((each) => [each.path, each]));
  forAll(others.values(), ({ path }) => checkMountable(facts, path));
  return [...others.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Returns the sources of all packages that a project depends on, as the project files on this machine name them.
 *
 * @param withGroups whether those of its extras and dependency groups count, too
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function foreignSources(facts: ProjectFacts, withGroups: boolean): readonly ForeignSource[] {
  return once("foreignSources", [...partsOf(facts), withGroups], () => allForeignSources(facts, withGroups));
}

function allForeignSources({ where, project, workspace, within }: ProjectFacts, withGroups: boolean): ForeignSource[] {
  const links = new LinkedFiles();
  const found = new Map<string, ForeignSource>();
  const pending: Pyproject[] = [project];
  const seen = new Set([project.folder]);
  forAll(pending, (each) => {
    const wanted = [...each.dependencies, ...(each === project && !withGroups ? [] : each.furtherDependencies)];
    const sources = [...new Set(wanted.map(nameOfDependency))].flatMap((name): ForeignSource[] => {
      // A member takes on the sources of its workspace's root, unless it has its own.
      const namedIn = each.sources.has(name) ? each : workspace?.members.has(each.name ?? "") ? workspace.root : each;
      return (namedIn.sources.get(name) ?? []).map((source) => ({ name, namedIn, source }));
    });
    forAll(sources, ({ name, namedIn, source }) => {
      found.set(JSON.stringify([name, source, namedIn.file]), { name, namedIn, source });
      if (source.kind === "path") checkHere(where, source.path, namedIn.folder);
      const folder = folderOf({ name, namedIn, source }, workspace);
      if (folder === undefined || seen.has(folder)) return;
      seen.add(folder);
      const file = join(folder, "pyproject.toml");
      // The person is asked about the whole folder, which is built.
      checkConfined(folder, within);
      checkConfined(file, within);
      const inner = pyprojectIn(where, file, within);
      if (!inner) return;
      if (!links.mayFollow(file))
        throw definitionInvalid(
          where,
          `"${project.file}" depends on "${folder}" by too many paths. Remove the links between its folders.`,
        );
      pending.push(inner);
    });
  });
  return [...found.values()];
}

/** Returns the path on this machine that a source refers to; undefined for other sources. */
export function folderOf(
  { name, namedIn, source }: ForeignSource,
  workspace: Workspace | undefined,
): string | undefined {
  if (source.kind === "path") return resolve(namedIn.folder, source.path);
  return source.kind === "workspace" ? workspace?.members.get(name)?.folder : undefined;
}

/** Returns a path as a project's file names it: relative to a folder, with slashes. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join("/") || ".";
}

/**
 * Uv reads all of them to check whether the lock file is up to date; of members that aren't installed, it needs only
 * the project files.
 */
function lockedSources(
  { where, project, workspace, withGroups }: ProjectFacts,
  { file, content }: NonNullable<ProjectFacts["lock"]>,
): LocalSource[] {
  const installed = new Set(installedWith(content, project.name, withGroups));
  const members = new Set(Array.from(workspace?.members.values() ?? [], ({ folder }) => folder));
  return content.packages.flatMap((each) => {
    if (!isLocal(each) || !each.source) return [];
    checkHere(where, each.source.place, dirname(file));
    const path = resolve(dirname(file), each.source.place);
    return members.has(path) && !installed.has(each) ? [] : [{ name: each.name, path }];
  });
}

/** Uv resolves all extras and groups, regardless of which are installed. */
function sourcesWithoutLock(facts: ProjectFacts): LocalSource[] {
  return foreignSources(facts, true).flatMap((each) => {
    const path = folderOf(each, facts.workspace);
    return path === undefined ? [] : [{ name: packageName(each.name), path }];
  });
}

function checkMountable({ where, project, within }: ProjectFacts, path: string): void {
  const shown = relativePath(project.folder, path);
  if (isAbsolute(shown) || !/^[\p{L}\p{N}._+@/-]+$/u.test(shown)) {
    throw definitionInvalid(
      where,
      `the path "${shown}" that "${project.file}" depends on can't be mounted during the build. ` +
        'Rename it to use only letters, digits and "._+@-".',
    );
  }
  requirePath(
    where,
    path,
    `the project in "${project.folder}" depends on "${shown}", which doesn't exist. ` +
      "Create it, or remove it from the project's sources.",
    within,
  );
}

/** A `setup.py` has no sources, and a missing folder is reported when it is mounted. */
function pyprojectIn(where: string, file: string, within: Confinement): Pyproject | undefined {
  return isThere(file) ? readPyproject(where, file, within) : undefined;
}
