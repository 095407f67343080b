import { dirname, join, resolve } from "node:path";
import { definitionInvalid } from "../definition/check";
import { methodOf, type LayerOf } from "../definition/layers";
import type { Confinement } from "../files/confinement";
import { relativePath } from "../files/localSources";
import { forAll } from "../files/outsideError";
import { packageName } from "../files/packageName";
import { readPyproject } from "../files/pyproject";
import { checkHere, readNamed, requireFile, requirePath, requireProject } from "../files/requirePath";
import { isTable, readToml, tableIn, textsIn } from "../files/toml";
import { poetryVersion } from "../definition/renderOptions";
import { wordsOf } from "./argumentWords";
import { requiredPython } from "./python";
import type { GitPackage, PoetryProjectStep } from "./steps";

/** Arguments that say which dependency groups are installed. */
const groupArguments = ["--only", "--with", "--without", "--all-groups", "--no-dev", "--only-root", "--dev-only"];

/** Files of a Poetry project, by their absolute paths. */
interface PoetryFiles {
  readonly where: string;
  readonly pyproject: string;
  readonly lock: string;
  readonly within: Confinement;
}

/** A package of a `poetry.lock` that is taken from this machine. */
interface LocalPackage {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly isEditable: boolean;
}

/** Whether the arguments leave open which dependency groups are installed. */
export function takesMainOnly(extraArgs: string | undefined): boolean {
  const words = wordsOf(extraArgs);
  return !groupArguments.some((each) => words.has(each));
}

/**
 * Returns the step of a project that Poetry installs.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid` for a file that is not TOML
 */
export function poetryProjectStep(
  layer: LayerOf<"poetryProject">,
  root: string,
  within: Confinement,
): PoetryProjectStep {
  const where = methodOf(layer);
  const pyproject = requireProject(where, root, layer.pyprojectFile, within);
  const project = dirname(pyproject);
  const lock = requireFile(where, root, layer.poetryLock ?? join(project, "poetry.lock"), within);
  const { extras = [], groups = [] } = layer;
  checkParts(where, readToml(where, pyproject, within), pyproject, { extras, groups });
  const installed = takesMainOnly(layer.extraArgs) ? new Set(["main", ...groups.map(packageName)]) : undefined;
  const files = { where, pyproject, lock, within };
  const local = localPackages(files, installed);
  forAll(local, ({ path }) => {
    const shown = relativePath(project, path);
    const problem =
      `the project in "${project}" depends on "${shown}", which doesn't exist. ` +
      "Create it, or remove it from the dependencies.";
    requirePath(where, path, problem, within);
  });
  return {
    kind: "poetryProject",
    pyproject,
    requiresPython: requiredPython(where, pyproject, within),
    lock,
    poetry: layer.poetryVersion ?? writerOf(readNamed(where, lock, within)),
    extras,
    groups,
    localSources: local.map(({ path }) => path),
    editableSources: local.filter(({ isEditable }) => isEditable).map(({ path }) => path),
    extraArgs: layer.extraArgs,
    gitPackages: gitPackages(files, installed),
    secrets: layer.secrets,
    ssh: layer.ssh,
    mode: layer.projectInstallMode,
  };
}

function checkParts(
  where: string,
  content: Readonly<Record<string, unknown>>,
  pyproject: string,
  { extras, groups }: { readonly extras: readonly string[]; readonly groups: readonly string[] },
): void {
  const poetry = tableIn(content, "tool", "poetry");
  const known = {
    extra: [
      ...Object.keys(tableIn(poetry, "extras")),
      ...Object.keys(tableIn(content, "project", "optional-dependencies")),
    ],
    group: [
      ...Object.keys(tableIn(poetry, "group")),
      ...Object.keys(tableIn(content, "dependency-groups")),
      ...("dev-dependencies" in poetry ? ["dev"] : []),
    ],
  };
  for (const [what, names] of [
    ["extra", extras],
    ["group", groups],
  ] as const) {
    const plain = new Set(known[what].map(packageName));
    const unknown = names.find((name) => !plain.has(packageName(name)));
    if (unknown === undefined) continue;
    const listed = known[what].map((name) => `"${name}"`).join(", ");
    throw definitionInvalid(
      where,
      `the project "${pyproject}" has no ${what} "${unknown}". ` +
        (listed === "" ? "Remove it, or add it to the project." : `Use one of ${listed}.`),
    );
  }
}

/** Returns the version in the first line of a lock file. */
function writerOf(lock: string): string {
  const [line = ""] = lock.split("\n", 1);
  return /^# .{0,60}\bPoetry (\d{1,3}(?:\.\d{1,3}){1,2}) /.exec(line)?.[1] ?? poetryVersion;
}

/** A package of a `poetry.lock` that is installed, and where it is taken from. */
interface SourcedPackage {
  readonly name: string;
  readonly type: unknown;
  readonly url: string;
  readonly isDeveloped: boolean;
}

/** Returns a project's local packages. */
function localPackages(files: PoetryFiles, installed: ReadonlySet<string> | undefined): LocalPackage[] {
  const folder = dirname(files.pyproject);
  return sourcedPackages(files, installed).flatMap(({ name, type, url, isDeveloped }): LocalPackage[] => {
    if (type !== "directory" && type !== "file") return [];
    checkHere(files.where, url, folder);
    return [{ name, path: resolve(folder, url), isEditable: type === "directory" && isDeveloped }];
  });
}

function gitPackages(files: PoetryFiles, installed: ReadonlySet<string> | undefined): GitPackage[] {
  return sourcedPackages(files, installed).filter(({ type }) => type === "git");
}

/** Returns the packages that no index has, without those of groups that aren't installed if the lock lists groups. */
function sourcedPackages(
  { where, pyproject, lock, within }: PoetryFiles,
  installed: ReadonlySet<string> | undefined,
): SourcedPackage[] {
  const { dependencies } = readPyproject(where, pyproject, within);
  const main = new Set([
    ...Object.keys(tableIn(readToml(where, pyproject, within), "tool", "poetry", "dependencies")).map(packageName),
    ...dependencies.map(packageName),
  ]);
  const packages: unknown = readToml(where, lock, within).package;
  return (Array.isArray(packages) ? packages : []).flatMap((each: unknown): SourcedPackage[] => {
    const { type, url } = tableIn(each, "source");
    if (!isTable(each) || typeof each.name !== "string" || typeof url !== "string") return [];
    const name = packageName(each.name);
    const groups = Array.isArray(each.groups) ? textsIn(each.groups) : undefined;
    const isInstalled =
      installed === undefined ||
      groups === undefined ||
      groups.some((group) => installed.has(packageName(group))) ||
      main.has(name);
    return isInstalled ? [{ name, type, url, isDeveloped: each.develop === true }] : [];
  });
}
