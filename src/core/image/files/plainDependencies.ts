import { isTable, readToml, tableIn, textsIn } from "./toml";

/** Dependencies of a uv project that pip can install. */
export interface PlainDependencies {
  readonly dependencies: readonly string[];
  /** Text of a constraints file with the locked versions; undefined without a lock file. */
  readonly constraints: string | undefined;
}

const where = "withUvProject";

/**
 * Reads a project's dependencies and the versions that its `uv.lock` pins; packages with several locked versions are
 * not pinned.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML
 */
export function plainDependencies(pyproject: string, lock: string | undefined): PlainDependencies {
  const dependencies = textsIn(tableIn(readToml(where, pyproject), "project").dependencies);
  if (lock === undefined) return { dependencies, constraints: undefined };
  const packages: unknown = readToml(where, lock).package;
  const versions = new Map<string, Set<string>>();
  for (const each of Array.isArray(packages) ? packages : []) {
    if (
      !isTable(each) ||
      typeof each.name !== "string" ||
      typeof each.version !== "string" ||
      tableIn(each, "source").registry === undefined
    )
      continue;
    versions.set(each.name, (versions.get(each.name) ?? new Set()).add(each.version));
  }
  const pins = [...versions].flatMap(([name, found]) =>
    found.size === 1 ? [`${name}==${[...found].join("")}\n`] : [],
  );
  return { dependencies, constraints: pins.sort().join("") };
}
