import type { TextRange } from "../../base/textRange";
import { replacing, specError, type SpecFix, type SpecProblem } from "./specProblem";
import { nodeAt, type SpecNode } from "./specNode";
import { isPipSpecifier } from "./pipSpecifier";

/** A Debian package, with an optional architecture and version or release; also a pattern or a task. */
const isAptPackage = /^[a-z0-9][a-z0-9+.*?-]*(?::[a-z0-9-]+)?(?:=[\w.+~:*-]+|\/[\w.-]+)?[+^-]?$/;

/** A package's file in the image. */
const isDebFile = /^\.{0,2}\/[\w.+~:@%/-]+\.deb$/;

/** Packages of a package manager. */
interface PackageKind {
  readonly pattern: RegExp;
  readonly what: string;
  readonly example: string;
}

const rpmPackages: PackageKind = {
  // Names, globs, groups, files, and what a package provides, such as `perl(strict)`.
  pattern: /^@?[\w/.*?+[\]-][\w.*?+~^:()/[\]-]*$/,
  what: "package for dnf",
  example: "git-core-2.43*",
};

const otherPackages: Readonly<Record<string, PackageKind>> = {
  apkPackages: {
    // Names with a version or a repository, conflicts, and what a package provides, such as `cmd:python3`.
    pattern: /^!?[\w.:+/-]+(?:[<>=~]{1,2}[\w.:+~-]+)?(?:@[\w-]+)?$/,
    what: "Alpine package",
    example: "git=~2.45",
  },
  dnfPackages: rpmPackages,
  microdnfPackages: rpmPackages,
};

/** Maximum length of a package's text in a message, in characters. */
const mostShown = 200;

/** Returns problems for packages that no installer accepts. */
export function packageProblems(root: SpecNode): SpecProblem[] {
  return (nodeAt(root, ["layers"])?.items ?? []).flatMap(({ entries }) => [
    ...textsOf(entries.get("pipPackages")?.node).flatMap((node) => pipProblem(node)),
    ...textsOf(entries.get("aptPackages")?.node).flatMap((node) => aptProblem(node)),
    ...Object.entries(otherPackages).flatMap(([key, kind]) =>
      textsOf(entries.get(key)?.node).flatMap((node) => otherProblem(node, kind)),
    ),
  ]);
}

function textsOf(node: SpecNode | undefined): SpecNode[] {
  const packages = node?.entries.get("packages")?.node ?? node;
  return [...(packages?.items ?? []), ...(packages?.kind === "scalar" ? [packages] : [])];
}

function pipProblem({ value, range, quote }: SpecNode): SpecProblem[] {
  const text = String(value).trim();
  // Addresses, paths, and wheels are not specifiers, and the method reports options.
  if (isPipSpecifier(text) || /:\/\/|^[./-]|\.(whl|zip|tar\.gz)$/.test(text)) return [];
  return [
    specError(
      "package-invalid",
      range,
      `"${shown(text)}" is not a valid pip package. ` +
        'Use a name, optionally with extras and versions, such as "pandas[excel]>=2,<3".',
      singleEquals(text, range, quote),
    ),
  ];
}

/** Shortens a text for a message. */
function shown(text: string): string {
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function singleEquals(text: string, range: TextRange, quote: string): SpecFix[] {
  const meant = text.replace(/(?<![=<>!~])=(?!=)/, "==");
  return meant !== text && isPipSpecifier(meant)
    ? [replacing(`Replace with "${meant}"`, range, `${quote}${meant}${quote}`)]
    : [];
}

function aptProblem({ value, range, quote }: SpecNode): SpecProblem[] {
  const text = String(value).trim();
  if (isAptPackage.test(text) || isDebFile.test(text) || text.startsWith("-")) return [];
  const meant = text.toLowerCase().replace("==", "=").replaceAll("_", "-");
  const fixes = isAptPackage.test(meant)
    ? [replacing(`Replace with "${meant}"`, range, `${quote}${meant}${quote}`)]
    : [];
  return [
    specError(
      "package-invalid",
      range,
      `"${shown(text)}" is not a valid Debian package. ` +
        'Use a lowercase name, optionally with a version, such as "git" or "git=1:2.39*".',
      fixes,
    ),
  ];
}

function otherProblem({ value, range }: SpecNode, { pattern, what, example }: PackageKind): SpecProblem[] {
  const text = String(value).trim();
  // The method reports options.
  if (pattern.test(text) || text.startsWith("-")) return [];
  return [
    specError(
      "package-invalid",
      range,
      `"${shown(text)}" is not a valid ${what}. Use a name, optionally with a version, such as "${example}".`,
    ),
  ];
}
