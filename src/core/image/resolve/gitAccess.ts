import { sshOf } from "../definition/layers";
import { isPublished, sshHostOf } from "../files/sshHosts";
import type { Step } from "./steps";

/** Returns the package that has the SSH client, by the method that installs it. */
export function sshPackageOf(method: string): string {
  return method === "withDnfPackages" || method === "withMicrodnfPackages" ? "openssh-clients" : "openssh-client";
}

/** A package that git fetches, in words, and the server that it is reached at over SSH. */
export interface FetchedPackage {
  readonly name: string;
  readonly host: string | undefined;
}

/** Returns the packages that a step fetches with git. */
export function fetchedByGit(step: Step): readonly FetchedPackage[] {
  switch (step.kind) {
    case "pipPackages":
      return [...step.packages, ...(step.pip.extraArgs?.split(/\s+/) ?? [])]
        .filter((each) => isGit(each))
        .map((each) => ({ name: `"${each}"`, host: sshHostOf(each) }));
    case "requirements":
      return (step.files.gitPackages ?? []).map((each) => ({
        name: `a package of "${step.files.paths[0]}"`,
        host: sshHostOf(each),
      }));
    case "uvProject":
    case "poetryProject":
      return step.gitPackages.map(({ name, url }) => ({ name: `"${name}"`, host: sshHostOf(url) }));
    default:
      return [];
  }
}

/** Returns why a step can't reach the servers of its packages over SSH, though the image has an SSH client. */
export function accessProblem(
  step: Step,
  fetched: readonly FetchedPackage[],
): { readonly problem: string; readonly isWithoutAgent: boolean } | undefined {
  const overSsh = fetched.filter(({ host }) => host !== undefined);
  const [first] = overSsh;
  const ssh = sshOf(step);
  if (first && !ssh && !mountsFile(step))
    return {
      problem:
        `${first.name} is fetched from ${first.host} over SSH, for which the step has no key. ` +
        'Add "sshMount: default".',
      isWithoutAgent: true,
    };
  const unknown = overSsh.find(({ host = "" }) => !isPublished(host));
  if (!unknown || !ssh || ssh.knownHosts !== undefined) return undefined;
  return {
    problem:
      `the host key of ${unknown.host}, from which ${unknown.name} is fetched, is not known. ` +
      'Write it to a file as in known_hosts, and add "sshMount: { knownHosts: <file> }".',
    isWithoutAgent: false,
  };
}

/** Whether a step has a secret in a file, which may be a key. */
function mountsFile(step: Step): boolean {
  const secrets = "pip" in step ? step.pip.secrets : "secrets" in step ? step.secrets : [];
  return secrets.some(({ mount }) => mount !== undefined);
}

function isGit(text: string): boolean {
  return /(?:^|[\s@])git\+/.test(text);
}
