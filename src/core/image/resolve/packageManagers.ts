import { packageManagerMethods, type PackageManager } from "../definition/layers";
import type { Step } from "./steps";

/** Package manager of a base. */
type BaseManager = PackageManager | "apt";

/** Bases whose package manager is known; of others nobody can tell before the build. */
const managers: readonly (readonly [base: RegExp, manager: BaseManager])[] = [
  [/^(?:docker\.io\/)?(?:library\/)?(?:alpine(?:[:@]|$)|[\w/-]+:[\w.-]*alpine)/, "apk"],
  [/^registry\.access\.redhat\.com\/ubi\d+\/?(?:ubi-)?minimal/, "microdnf"],
  [/^(?:docker\.io\/)?(?:library\/)?(?:fedora|rockylinux|almalinux|amazonlinux)[:@]/, "dnf"],
  [/^registry\.access\.redhat\.com\/ubi\d+/, "dnf"],
  [/^(?:docker\.io\/)?(?:library\/)?(?:debian|ubuntu|python)(?:[:@]|$)/, "apt"],
];

/** Images of the table that have another package manager, or none. */
const exceptions: readonly RegExp[] = [
  /amazonlinux:[12](?:$|[.@])/,
  /^[^:@]*(?:rockylinux|almalinux):[\w.-]*minimal/,
  /\/ubi\d+\/?(?:ubi-)?micro/,
  /windows|nanoserver/,
];

/** A package manager that a step wants and that its base is known not to have. */
export interface ManagerProblem {
  readonly problem: string;
  readonly where: string;
}

/** Returns the problem of a step that installs with a package manager that its base doesn't have. */
export function managerProblem(baseImage: string, step: Step): ManagerProblem | undefined {
  const wanted = managerOf(step);
  const [, manager] = exceptions.some((each) => each.test(baseImage))
    ? []
    : (managers.find(([base]) => base.test(baseImage)) ?? []);
  if (wanted === undefined || manager === undefined || wanted === manager) return undefined;
  return {
    where: installMethods[wanted],
    problem: `the base "${baseImage}" has no ${wanted}. Use ${installMethods[manager]}, or another base.`,
  };
}

/** Whether a step installs a package of this name with the base's package manager. */
export function installsPackage(step: Step, name: RegExp): boolean {
  return (
    (step.kind === "aptPackages" || step.kind === "systemPackages") && step.packages.some((each) => name.test(each))
  );
}

/** Returns the method that installs with the package manager that a base is thought to have. */
export function installMethodOf(baseImage: string): string {
  const [, manager = "apt"] = managers.find(([base]) => base.test(baseImage)) ?? [];
  return installMethods[manager];
}

const installMethods: Readonly<Record<BaseManager, string>> = { apt: "withAptPackages", ...packageManagerMethods };

function managerOf(step: Step): BaseManager | undefined {
  if (step.kind === "systemPackages") return step.manager;
  return step.kind === "aptPackages" ? "apt" : undefined;
}
