import { posix } from "node:path";
import { definitionInvalid } from "../definition/check";
import { isTable, readToml, tableIn } from "./toml";

/**
 * Returns the local folders and files that a uv project depends on, relative to the project: from its lock file, or
 * from its own sources if there is none.
 *
 * @throws ImageBuilderError `imageInvalid` for a file that is not TOML, or a path that can't be mounted
 * @see https://docs.astral.sh/uv/concepts/projects/dependencies/#path
 */
export function localSources(where: string, pyproject: string, lock: string | undefined): string[] {
  const sources =
    lock === undefined
      ? Object.values(tableIn(readToml(where, pyproject), "tool", "uv", "sources")).flat()
      : lockedSources(where, lock);
  const paths = sources.flatMap((source) =>
    isTable(source) ? [source.path, source.editable, source.directory, source.virtual] : [],
  );
  const found = new Set(
    paths.filter((path) => typeof path === "string").map((path) => posix.normalize(path).replace(/(?<=.)\/$/, "")),
  );
  const outside = [...found].filter((path) => path !== ".").sort();
  const unsafe = outside.find((path) => !/^[\p{L}\p{N}._+@/-]+$/u.test(path));
  if (unsafe !== undefined) {
    throw definitionInvalid(
      where,
      `the path "${unsafe}" in "${lock ?? pyproject}" can't be mounted during the build. ` +
        'Rename it to use only letters, digits and "._+@-".',
    );
  }
  return outside;
}

function lockedSources(where: string, lock: string): unknown[] {
  const packages = readToml(where, lock).package;
  return Array.isArray(packages) ? packages.map((each: unknown) => tableIn(each, "source")) : [];
}
