import { definitionInvalid, describe } from "./check";

/** Major and minor version, such as `[3, 12]`. */
export type PythonVersion = readonly [major: number, minor: number];

/** Default Python version of an image. */
export const defaultPython: PythonVersion = [3, 12];

/** Minor versions with official base images, in order of preference: the default, older ones, newer ones. */
const knownMinors = [12, 11, 10, 9, 13, 14];

/** Patch number above all existing ones, since images have the latest patch of their minor version. */
const newestPatch = 999;

/** Checks a Python version. @throws ImageBuilderError `imageInvalid` */
export function checkPythonVersion(where: string, version: PythonVersion): PythonVersion {
  const [major, minor, ...more]: readonly unknown[] = Array.isArray(version) ? version : [];
  if (
    !Number.isInteger(major) ||
    !Number.isInteger(minor) ||
    more.length > 0 ||
    Number(major) < 2 ||
    Number(minor) < 0
  ) {
    throw definitionInvalid(
      where,
      `pythonVersion is ${Array.isArray(version) ? JSON.stringify(version) : describe(version)}. ` +
        "Use the major and minor version as two numbers, such as [3, 12].",
    );
  }
  return [version[0], version[1]];
}

/**
 * Returns the version for a script's requirement: the default if allowed, otherwise the nearest older one, otherwise
 * the nearest newer one.
 *
 * @param requirement version specifiers, such as `>=3.11,<3.14`
 * @throws ImageBuilderError `imageInvalid` if no known version is allowed
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function pythonFor(where: string, requirement: string | undefined): PythonVersion {
  if (requirement === undefined) return defaultPython;
  const found = knownMinors
    .map((minor): PythonVersion => [3, minor])
    .find((version) => satisfies(where, version, requirement));
  if (!found) {
    throw definitionInvalid(
      where,
      `no Python version from 3.${Math.min(...knownMinors)} to 3.${Math.max(...knownMinors)} matches ` +
        `requires-python "${requirement}". Set pythonVersion.`,
    );
  }
  return found;
}

/**
 * Whether the latest patch of a version meets a requirement. @throws ImageBuilderError `imageInvalid` for an invalid
 * requirement
 */
export function satisfies(where: string, [major, minor]: PythonVersion, requirement: string): boolean {
  const version = [major, minor, newestPatch];
  return requirement
    .split(",")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "")
    .every((clause) => {
      const [, operator = "", digits = "", star] =
        /^(===?|!=|~=|<=?|>=?)\s*v?(\d+(?:\.\d+)*)(\.\*)?(?:(?:a|b|rc|\.?dev|\.?post)\d*)*$/.exec(clause) ?? [];
      if (operator === "")
        throw definitionInvalid(
          where,
          `requires-python is "${requirement}", which is not a valid version specifier. Use one such as ">=3.12".`,
        );
      return meets(version, operator, digits.split(".").map(Number), star !== undefined);
    });
}

function meets(version: readonly number[], operator: string, wanted: readonly number[], star: boolean): boolean {
  switch (operator) {
    case ">=":
      return compare(version, wanted) >= 0;
    case "<=":
      return compare(version, wanted) <= 0;
    case ">":
      return compare(version, wanted) > 0;
    case "<":
      return compare(version, wanted) < 0;
    case "~=":
      return compare(version, wanted) >= 0 && startsWith(version, wanted.slice(0, -1));
    case "!=":
      // Without a star, only one patch is excluded, and another one of the version can meet the rest.
      return !star || !startsWith(version, wanted);
    default:
      // A full version is compared only up to its minor version, since the image's patch is not known.
      return startsWith(version, wanted.slice(0, 2));
  }
}

function compare(version: readonly number[], wanted: readonly number[]): number {
  for (let i = 0; i < Math.max(version.length, wanted.length); i++) {
    const difference = (version[i] ?? 0) - (wanted[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function startsWith(version: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((part, i) => version[i] === part);
}
