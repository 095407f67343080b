import { checkLine, checkOptions, definitionInvalid } from "./check";

/** SSH agent or key that the steps of a layer can use, and the servers that it is used with. */
export interface SshMount {
  /** Id of the agent or key in the build. */
  readonly id: string;
  /** Path of a file with the host keys of the servers, as in OpenSSH's `known_hosts`. */
  readonly knownHosts?: string;
}

/** Access to repositories over SSH. */
export interface SshArguments {
  /**
   * SSH agent or key of the build that the steps can use, such as `default`; it is never part of the image. Only
   * servers whose host keys are known are connected to: GitHub, GitLab, and Bitbucket, or those in `knownHosts`.
   */
  readonly sshMount?: string | { readonly id?: string; readonly knownHosts?: string };
}

/**
 * Checks the SSH mount of a layer; returns undefined if there is none.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function sshMountOf(where: string, { sshMount }: SshArguments): SshMount | undefined {
  if (sshMount === undefined) return undefined;
  const given = typeof sshMount === "string" ? { id: sshMount } : sshMount;
  const { id = "default", knownHosts } = checkOptions(where, given, ["id", "knownHosts"]);
  const checked = checkLine(where, "the id of sshMount", id);
  // The id becomes part of a flag's comma-separated list.
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(checked))
    throw definitionInvalid(
      where,
      `"${checked}" is not a valid id of an SSH agent. Use letters, digits and "._-", such as "default".`,
    );
  return {
    id: checked,
    ...(knownHosts !== undefined && { knownHosts: checkLine(where, "knownHosts", knownHosts) }),
  };
}
