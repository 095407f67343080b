import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the `pyproject.toml` of {@link pythonProject} says besides its name. */
export interface PythonProject {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly requiresPython?: string;
  /** More tables. */
  readonly more?: string;
  /** What its module's `value` is; default is its name. */
  readonly value?: string;
}

/**
 * The files of a project that is built by a backend of its own, so that no index needs one.
 *
 * @param folder where they are, with a slash at its end, or nothing
 */
export function pythonProject(
  folder: string,
  { name, dependencies = [], requiresPython, more = "", value = name }: PythonProject,
): Record<string, string> {
  const module = name.replaceAll("-", "_");
  return {
    [`${folder}pyproject.toml`]: [
      "[project]",
      `name = ${JSON.stringify(name)}`,
      'version = "1.0"',
      `dependencies = ${JSON.stringify(dependencies)}`,
      ...(requiresPython === undefined ? [] : [`requires-python = ${JSON.stringify(requiresPython)}`]),
      "",
      "[build-system]",
      "requires = []",
      'build-backend = "backend"',
      'backend-path = ["."]',
      "",
      more,
    ].join("\n"),
    [`${folder}backend.py`]: readFileSync(join(__dirname, "backend.py"), "utf8"),
    [`${folder}src/${module}/__init__.py`]: `value = ${JSON.stringify(value)}\n`,
  };
}

/** A package of a `uv.lock`. */
export interface LockedTestPackage {
  readonly name: string;
  readonly version?: string;
  /** As TOML has it, such as `{ editable = "." }`. */
  readonly source: string;
  readonly dependencies?: readonly string[];
}

/** The text of a `uv.lock`. @param members the names of a workspace's projects */
export function uvLock(packages: readonly LockedTestPackage[], members: readonly string[] = []): string {
  const texts = packages.map(({ name, version = "1.0", source, dependencies = [] }) =>
    [
      "[[package]]",
      `name = ${JSON.stringify(name)}`,
      `version = ${JSON.stringify(version)}`,
      `source = ${source}`,
      `dependencies = [${dependencies.map((each) => `{ name = ${JSON.stringify(each)} }`).join(", ")}]`,
      "",
    ].join("\n"),
  );
  const manifest = members.length > 0 ? `[manifest]\nmembers = ${JSON.stringify([...members].sort())}\n\n` : "";
  return `version = 1\nrevision = 3\n\n${manifest}${texts.join("\n")}`;
}
