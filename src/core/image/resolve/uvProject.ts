import { dirname, join } from "node:path";
import { stringify } from "smol-toml";
import { methodOf, type LayerOf, type UvProjectLayer } from "../definition/layers";
import { isThere } from "../../base/contactedHost";
import { definitionInvalid } from "../definition/check";
import type { PipOptions } from "../definition/pipOptions";
import { checkConfined, type Confinement } from "../files/confinement";
import { foreignSources, localSources, partsOf, type ProjectFacts } from "../files/localSources";
import { packageName } from "../files/packageName";
import { pyprojectOf, readPyproject, type Pyproject } from "../files/pyproject";
import { once } from "../files/readOnce";
import { requireFile, requireProject } from "../files/requirePath";
import type { ScriptHeader } from "../files/uvScript";
import { installedWith, isKeptWith, readUvLock } from "../files/uvLock";
import { workspaceOf } from "../files/workspace";
import { wordsOf } from "./argumentWords";
import { plainDependencies } from "./plainDependencies";
import type { GitPackage, UvProjectStep } from "./steps";

/** Installer of Python packages. */
type Installer = "uv" | "pip";

/** Arguments that have uv install dependency groups, or extras that may need more packages. */
const groupArguments = ["--dev", "--only-dev", "--group", "--only-group", "--all-groups"];

/** Arguments that make uv resolve again, regardless of the lock file. */
const resolverArguments = [
  ...["--index", "--default-index", "--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--no-index"],
  ...["--upgrade", "-U", "--upgrade-package", "-P", "--resolution", "--prerelease", "--pre", "--fork-strategy"],
  ...["--exclude-newer", "--exclude-newer-package", "--index-strategy", "--no-sources", "--locked", "--frozen"],
];

/**
 * Returns the step of a project that uv installs.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function uvProjectStep(
  layer: UvProjectLayer,
  root: string,
  installer: Installer,
  within: Confinement,
): UvProjectStep {
  const where = methodOf(layer);
  const pyproject = requireProject(where, root, layer.pyprojectFile, within);
  const project = readPyproject(where, pyproject, within);
  const workspace = workspaceOf(where, project, within);
  const top = workspace?.root.folder ?? project.folder;
  const beside = join(top, "uv.lock");
  const lock =
    layer.uvlock === undefined
      ? isThere(beside)
        ? beside
        : undefined
      : requireFile(where, root, layer.uvlock, within);
  if (lock !== undefined) checkConfined(lock, within);
  const { extras = [], groups = [] } = layer;
  checkParts(where, "extra", project, extras, project.extras);
  checkParts(where, "group", project, groups, project.groups);
  const words = wordsOf(layer.pip.extraArgs);
  const content = lock === undefined ? undefined : readUvLock(where, lock, within);
  const facts: ProjectFacts = {
    where,
    project,
    workspace,
    // The lock file is mounted in the top folder, to which its paths are relative then.
    lock: lock !== undefined && content ? { file: join(top, "uv.lock"), content } : undefined,
    withGroups: groups.length > 0 || extras.length > 0 || groupArguments.some((each) => words.has(each)),
    within,
  };
  return {
    kind: "uvProject",
    pyproject,
    requiresPython: project.requiresPython,
    top,
    lock,
    member: workspace && workspace.root !== project ? project.name : undefined,
    // The root of a workspace need not be a project with a name.
    memberFiles: workspace ? [...new Set([workspace.root, ...workspace.members.values()].map(({ file }) => file))] : [],
    localSources: localSources(facts).map(({ path }) => path),
    gitPackages: gitPackages(facts),
    isDynamic: project.isDynamic,
    extras,
    groups,
    keepsLock:
      content !== undefined &&
      isKeptWith(content, indexesOf(layer.pip), layer.pip.pre) &&
      !resolverArguments.some((each) => words.has(each)),
    plain: installer === "pip" ? plainDependencies(facts, layer.projectInstallMode, layer) : undefined,
    pip: layer.pip,
    mode: layer.projectInstallMode,
  };
}

/** Returns the step of a script whose header says more than packages: its packages as the dependencies of a project. */
export function scriptProjectStep(
  { script, pip }: LayerOf<"uvScript">,
  root: string,
  header: ScriptHeader,
  installer: Installer,
  within: Confinement,
): UvProjectStep {
  const where = "fromUvScript";
  const folder = dirname(requireFile(where, root, script, within));
  const content = {
    project: {
      name: "script",
      version: "0",
      ...(header.requiresPython !== undefined && { "requires-python": header.requiresPython }),
      dependencies: [...header.packages],
    },
    tool: { uv: header.uv },
  };
  const pyproject = join(folder, "pyproject.toml");
  const facts: ProjectFacts = {
    where,
    project: pyprojectOf(pyproject, content),
    workspace: undefined,
    lock: undefined,
    withGroups: false,
    within,
  };
  return {
    kind: "uvProject",
    pyproject,
    pyprojectText: written(where, script, content),
    requiresPython: header.requiresPython,
    top: folder,
    lock: undefined,
    member: undefined,
    memberFiles: [],
    localSources: localSources(facts).map(({ path }) => path),
    gitPackages: gitPackages(facts),
    isDynamic: false,
    extras: [],
    groups: [],
    keepsLock: false,
    plain: installer === "pip" ? plainDependencies(facts, "dependencies_only", { pip }, header.uv) : undefined,
    pip,
    mode: "dependencies_only",
  };
}

function written(where: string, script: string, content: Readonly<Record<string, unknown>>): string {
  try {
    return stringify(content);
  } catch (error) {
    throw definitionInvalid(where, `the metadata block of "${script}" is nested too deeply. Simplify it.`, error);
  }
}

function checkParts(
  where: string,
  what: string,
  { file }: Pyproject,
  names: readonly string[],
  known: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> },
): void {
  const unknown = names.find((name) => !known.has(packageName(name)));
  if (unknown === undefined) return;
  const listed = [...known.keys()].map((name) => `"${name}"`).join(", ");
  throw definitionInvalid(
    where,
    `the project "${file}" has no ${what} "${unknown}". ` +
      (listed === "" ? "Remove it, or add it to the project." : `Use one of ${listed}.`),
  );
}

function gitPackages(facts: ProjectFacts): readonly GitPackage[] {
  return once("gitPackages", partsOf(facts), () => foundGitPackages(facts));
}

function foundGitPackages(facts: ProjectFacts): GitPackage[] {
  const { project, lock, withGroups } = facts;
  if (lock)
    return installedWith(lock.content, project.name, withGroups).flatMap(({ name, source }) =>
      source?.kind === "git" ? [{ name, url: source.place }] : [],
    );
  return [
    ...project.dependencies.filter((each) => /@\s*git\+/.test(each)).map((each) => ({ name: each, url: each })),
    ...foreignSources(facts, withGroups).flatMap(({ name, source }) =>
      source.kind === "git" ? [{ name, url: source.url }] : [],
    ),
  ];
}

function indexesOf({ indexUrl, extraIndexUrls }: PipOptions): string[] {
  return [...(indexUrl === undefined ? [] : [indexUrl]), ...extraIndexUrls];
}
