import { dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import type { Confinement } from "../files/confinement";
import type { RequirementFiles } from "../files/requirements";
import { requirementLines } from "../files/requirementLines";
import { packageName } from "../files/packageName";
import { nameOfDependency, pyprojectOf, readPyproject, type Pyproject } from "../files/pyproject";
import { readNamed } from "../files/requirePath";
import { readToml, tableIn } from "../files/toml";
import type { ResolvedImage } from "../resolve/resolve";
import type { PoetryProjectStep, Step, UvProjectStep } from "../resolve/steps";

/** Python package that an image declares. */
export interface DeclaredPackage {
  /** As indexes compare it. */
  readonly name: string;
  /** Whether a marker may leave it out. */
  readonly isConditional: boolean;
}

/**
 * Returns the Python packages that an image's steps name, each once, in their order: those of its layers, of the
 * requirements files, and of the projects; not what these depend on.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function declaredPackages({ steps, within }: Pick<ResolvedImage, "steps" | "within">): DeclaredPackage[] {
  const found = new Map<string, DeclaredPackage>();
  for (const each of steps.flatMap((step) => packagesOf(step, within))) {
    const before = found.get(each.name);
    found.set(each.name, { ...each, isConditional: each.isConditional && (before?.isConditional ?? true) });
  }
  return [...found.values()];
}

function packagesOf(step: Step, within: Confinement): DeclaredPackage[] {
  switch (step.kind) {
    case "pipPackages":
      return step.packages.flatMap(declared);
    case "requirements":
      return ofRequirements(step.files, within);
    case "wheels":
      return declared(step.packageName);
    case "uvProject":
      return ofUvProject(step, within);
    case "poetryProject":
      return ofPoetryProject(step, within);
    default:
      return [];
  }
}

function declared(requirement: string): DeclaredPackage[] {
  const [, egg] = /#(?:[^#]*&)?egg=([\w.-]+)/.exec(requirement) ?? [];
  const text = requirement.trim();
  const isNamed = /^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?@/.test(text);
  const isPlace = !isNamed && /^[a-z][a-z0-9+.-]*:\/\/|^[./~$]|\.(?:whl|zip|tar\.gz)(?:$|\s|;)/i.test(text);
  const name = egg ?? (isPlace ? "" : nameOfDependency(text));
  return name === "" ? [] : [{ name: packageName(name), isConditional: /;/.test(requirement) }];
}

function ofRequirements({ folder, paths: [main] }: RequirementFiles, within: Confinement): DeclaredPackage[] {
  const files = new Set([join(folder, main)]);
  const found: DeclaredPackage[] = [];
  for (const file of files)
    for (const { option, value } of requirementLines(readNamed("withRequirements", file, within))) {
      if (option === undefined) found.push(...declared(value.split(/\s--/, 1)[0] ?? ""));
      const isFile = option === "--requirement" && value !== "" && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value);
      if (isFile) files.add(resolve(dirname(file), value));
    }
  return found;
}

function ofUvProject(
  { pyproject, pyprojectText, extras, groups, mode }: UvProjectStep,
  within: Confinement,
): DeclaredPackage[] {
  const project =
    pyprojectText === undefined
      ? readPyproject("withUvProject", pyproject, within)
      : pyprojectOf(pyproject, parse(pyprojectText));
  return [...dependenciesOf(project, extras, groups), ...ownPackage(project.name, mode)];
}

function dependenciesOf(project: Pyproject, extras: readonly string[], groups: readonly string[]): DeclaredPackage[] {
  return [
    ...project.dependencies,
    ...extras.flatMap((name) => project.extras.get(packageName(name)) ?? []),
    ...project.groups.dependenciesOf(groups),
  ].flatMap(declared);
}

function ofPoetryProject(
  { pyproject, extras, groups, mode }: PoetryProjectStep,
  within: Confinement,
): DeclaredPackage[] {
  const content = readToml("withPoetryProject", pyproject, within);
  const project = pyprojectOf(pyproject, content);
  const poetry = tableIn(content, "tool", "poetry");
  const tables = [
    tableIn(poetry, "dependencies"),
    ...groups.map((group) => tableIn(poetry, "group", group, "dependencies")),
  ];
  const own = tables.flatMap((table) =>
    Object.entries(table).flatMap(([name, value]) =>
      name === "python" ? [] : [{ name: packageName(name), isConditional: mayBeLeftOut(value) }],
    ),
  );
  const name = project.name ?? (typeof poetry.name === "string" ? packageName(poetry.name) : undefined);
  return [...dependenciesOf(project, extras, []), ...own, ...ownPackage(name, mode)];
}

/** Whether one of Poetry's dependencies is optional, or only for some environments. */
function mayBeLeftOut(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function ownPackage(name: string | undefined, mode: UvProjectStep["mode"]): DeclaredPackage[] {
  return name === undefined || mode !== "install_project" ? [] : [{ name, isConditional: false }];
}
