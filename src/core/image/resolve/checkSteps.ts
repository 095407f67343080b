import type { ImageBuilderError } from "../../base/errors";
import { satisfies, type PythonVersion } from "../definition/pythonVersion";
import type { CompleteRenderOptions } from "../definition/renderOptions";
import type { ImagePython } from "./python";
import { definitionInvalid } from "../definition/check";
import { isLocalRequirement } from "../files/requirementLines";
import { accessProblem, fetchedByGit, sshPackageOf } from "./gitAccess";
import { installMethodOf, installsPackage, managerProblem } from "./packageManagers";
import type { Step } from "./steps";

/** A step that the build would refuse, though each of its parts is right by itself. */
export interface StepProblem {
  /** Index of the step. */
  readonly at: number;
  readonly error: ImageBuilderError;
  /** Fix: another installer, packages to install with it before, or an SSH agent. */
  readonly remedy?: { readonly method: string; readonly packages?: readonly string[] } | "sshMount";
}

/** Bases that are known to have no git; of others nobody can tell before the build. */
const basesWithoutGit = [
  /^(?:docker\.io\/)?(?:library\/)?(?:debian|ubuntu|alpine|busybox|python)(?::[\w.-]*)?(?:@|$)/,
  /^(?:docker\.io\/)?nvidia\/cuda[:@]/,
];

/** Tags of Python's image that stand on a base with git. */
const fullPython = /^(?:docker\.io\/)?(?:library\/)?python(?::(?![\w.-]*(?:slim|alpine))[\w.-]*)?(?:@|$)/;

const copyRemedy = "Copy it with withSourceFile or withSourceFolder before, and use its path in the image.";

/** Options of installers whose value is a path. */
const pathOptions = new Set([
  ...["-c", "--constraint", "--constraints", "-r", "--requirement", "--requirements", "-e", "--editable"],
  ...["-f", "--find-links", "-b", "--build-constraint", "--build-constraints", "--override", "--overrides"],
]);

/** Steps with what else decides on whether they can be built. */
interface Checked {
  readonly baseImage: string;
  readonly python: ImagePython;
  readonly options: Pick<CompleteRenderOptions, "installer">;
  readonly steps: readonly Step[];
}

/** Returns the steps that a build on this base would refuse. */
export function stepProblems({ baseImage, python, options, steps }: Checked): StepProblem[] {
  const problems: StepProblem[] = [];
  const version = python.version ?? (options.installer === "pip" ? versionOf(baseImage) : undefined);
  const isKnown = basesWithoutGit.some((each) => each.test(baseImage));
  let mayHaveGit = !isKnown || fullPython.test(baseImage);
  let mayHaveSsh = mayHaveGit;
  let mayHaveFiles = false;
  const method = installMethodOf(baseImage);
  for (const [at, step] of steps.entries()) {
    const fail = (where: string, problem: string, more: Pick<StepProblem, "remedy"> = {}): unknown =>
      problems.push({ at, error: definitionInvalid(where, problem), ...more });
    const where = methodNames[step.kind] ?? "";
    const fetched = fetchedByGit(step);
    const overSsh = fetched.find(({ host }) => host !== undefined);
    const lacks = [
      // Poetry includes its own git.
      ...(fetched.length > 0 && !mayHaveGit && step.kind !== "poetryProject" ? ["git"] : []),
      ...(overSsh && !mayHaveSsh ? [sshPackageOf(method)] : []),
    ];
    const [what] = overSsh && !mayHaveSsh ? [overSsh] : fetched;
    if (what && lacks.length > 0)
      fail(
        where,
        `${what.name} is fetched by git${what.host === undefined ? "" : " over SSH"}, ` +
          "which the image doesn't have. " +
          `Add ${lacks.map((each) => `"${each}"`).join(" and ")} with ${method} before it.`,
        { remedy: { method, packages: lacks } },
      );
    if (isKnown && !mayHaveFiles) {
      const access = accessProblem(step, fetched);
      if (access) fail(where, access.problem, access.isWithoutAgent ? { remedy: "sshMount" } : {});
    }
    const path = mayHaveFiles ? undefined : localArgument(step);
    const isConstraint = "pip" in step && /(?:^|\s)(?:-c|--constraints?)[\s=]/.test(step.pip.extraArgs ?? "");
    if (path !== undefined)
      fail(
        where,
        `"${path}" is a path on this machine, which the build doesn't have. ` +
          (isConstraint ? "Name it in constraints." : copyRemedy),
      );
    const required = "requiresPython" in step ? step.requiresPython : undefined;
    if (version && required !== undefined && !satisfies(where, version, required))
      fail(
        where,
        `the project requires Python ${required}, but the image has ${version.join(".")}. ` +
          "Change pythonVersion or the base image.",
      );
    const other = managerProblem(baseImage, step);
    if (other) fail(other.where, other.problem, { remedy: { method } });
    if (installsPackage(step, /^git(?:$|[-=:/+~<>@.])/)) mayHaveGit = true;
    if (installsPackage(step, /^(?:openssh|ssh(?:$|[-=:/+~<>@.]))/)) mayHaveSsh = true;
    // A command may install or make anything.
    if (step.kind === "commands") mayHaveGit = mayHaveSsh = mayHaveFiles = true;
    if (step.kind === "copyFiles" || step.kind === "copyFolder") mayHaveFiles = true;
  }
  return problems;
}

/** Returns the Python of an official image, by its tag. */
export function versionOf(baseImage: string): PythonVersion | undefined {
  const [, major, minor] = /^(?:docker\.io\/)?(?:library\/)?python:(\d{1,2})\.(\d{1,3})(?![\d])/.exec(baseImage) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

const methodNames: Readonly<Record<string, string>> = {
  pipPackages: "withPipPackages",
  requirements: "withRequirements",
  uvProject: "withUvProject",
  poetryProject: "withPoetryProject",
  wheels: "withLocalV2",
};

/** Finds a relative path in further arguments that isn't in the image; an absolute path may be in it. */
function localArgument(step: Step): string | undefined {
  const extraArgs = "pip" in step ? step.pip.extraArgs : undefined;
  const packages = step.kind === "pipPackages" ? step.packages : [];
  const local = packages.find((each) => isLocalRequirement(each) && !isElsewhere(each));
  if (local !== undefined) return local;
  const words = (extraArgs ?? "").split(/\s+/);
  for (const [at, word] of words.entries()) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!pathOptions.has(name)) {
      if (!word.startsWith("-") && isLocalRequirement(word) && !isElsewhere(word) && !isValue(words[at - 1]))
        return word;
      continue;
    }
    const value = equals < 0 ? (words[at + 1] ?? "") : word.slice(equals + 1);
    if (value !== "" && !isElsewhere(value)) return value;
  }
  return undefined;
}

/** Whether a value belongs to the option before it. */
function isValue(before: string | undefined): boolean {
  return before?.startsWith("-") === true && !before.includes("=");
}

function isElsewhere(path: string): boolean {
  return (
    path.startsWith("/") ||
    path.startsWith("$") ||
    /^["']?[a-z][a-z0-9+.-]*:\/\//i.test(path) ||
    /^(?:git|hg|svn|bzr)\+/.test(path)
  );
}
