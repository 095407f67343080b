import { withoutEnd } from "../../base/trimText";
import type { Confinement } from "./confinement";
import { isTable, readToml, tableIn, textsIn } from "./toml";
import { packageName } from "./packageName";
import { once } from "./readOnce";

/** A package of a `uv.lock`. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string | undefined;
  /** Kind of its source: one of `registry`, `git`, `url`, `path`, `directory`, `editable` and `virtual`. */
  readonly source: { readonly kind: string; readonly place: string } | undefined;
  readonly subdirectory: string | undefined;
  /** The names of what it depends on, extras included. */
  readonly dependencies: readonly string[];
  /** Dependencies of its groups, which are only installed for the project itself. */
  readonly groupDependencies: readonly string[];
}

/** Content of a `uv.lock`. */
export interface UvLock {
  readonly packages: readonly LockedPackage[];
  /** Whether it was made with pre-releases allowed for all packages. */
  readonly allowsPrereleases: boolean;
}

const sourceKinds = ["registry", "git", "url", "path", "directory", "editable", "virtual"];
const localKinds = ["path", "directory", "editable", "virtual"];

/** @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML */
export function readUvLock(where: string, file: string, within: Confinement): UvLock {
  return once("readUvLock", [where, file, within], () => lockOf(readToml(where, file, within)));
}

function lockOf(content: Readonly<Record<string, unknown>>): UvLock {
  const packages = Array.isArray(content.package) ? content.package : [];
  return {
    packages: packages.flatMap((each: unknown) => packageOf(each) ?? []),
    allowsPrereleases: tableIn(content, "options")["prerelease-mode"] === "allow",
  };
}

/** Whether a package is taken from this machine. */
export function isLocal({ source }: LockedPackage): boolean {
  return source !== undefined && localKinds.includes(source.kind);
}

/**
 * Returns the packages that installing a project installs, itself included; all of them if the lock doesn't have the
 * project.
 *
 * @param withGroups whether its dependency groups are installed, too
 */
export function installedWith(
  lock: UvLock,
  project: string | undefined,
  withGroups: boolean,
): readonly LockedPackage[] {
  return once("installedWith", [lock, project, withGroups], () => reached(lock, project, withGroups));
}

function reached({ packages }: UvLock, project: string | undefined, withGroups: boolean): readonly LockedPackage[] {
  const start = packages.find((each) => each.name === project && isLocal(each));
  if (!start) return packages;
  const byName = new Map<string, LockedPackage[]>();
  for (const each of packages) {
    const others = byName.get(each.name);
    if (others) others.push(each);
    else byName.set(each.name, [each]);
  }
  const found = new Set([start]);
  for (const each of found) {
    const names = each === start && withGroups ? [...each.dependencies, ...each.groupDependencies] : each.dependencies;
    for (const name of names) {
      for (const next of byName.get(name) ?? []) found.add(next);
      byName.delete(name);
    }
  }
  return [...found];
}

/** Whether uv would use a lock unchanged with these indexes instead of its own, or resolve again. */
export function isKeptWith(lock: UvLock, indexes: readonly string[], pre: boolean): boolean {
  const given = new Set(indexes.map(plainUrl));
  return (!pre || lock.allowsPrereleases) && (given.size === 0 || registriesOf(lock).every((url) => given.has(url)));
}

function registriesOf(lock: UvLock): readonly string[] {
  return once("registriesOf", [lock], () => [
    ...new Set(lock.packages.flatMap(({ source }) => (source?.kind === "registry" ? [plainUrl(source.place)] : []))),
  ]);
}

/** A lock has no credentials. */
function plainUrl(url: string): string {
  return withoutEnd(url, "/").replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}

function packageOf(given: unknown): LockedPackage | undefined {
  if (!isTable(given) || typeof given.name !== "string") return undefined;
  const source = tableIn(given, "source");
  const kind = sourceKinds.find((each) => typeof source[each] === "string");
  return {
    name: packageName(given.name),
    version: typeof given.version === "string" ? given.version : undefined,
    source: kind === undefined ? undefined : { kind, place: String(source[kind]) },
    subdirectory: typeof source.subdirectory === "string" ? source.subdirectory : undefined,
    dependencies: [
      ...namesIn(given.dependencies),
      ...Object.values(tableIn(given, "optional-dependencies")).flatMap(namesIn),
    ],
    groupDependencies: Object.values(tableIn(given, "dev-dependencies")).flatMap(namesIn),
  };
}

function namesIn(list: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.flatMap((each) => textsIn([isTable(each) ? each.name : undefined]).map(packageName));
}
