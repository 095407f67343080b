import type { SshMount } from "../definition/sshMount";
import type { ContextLayout } from "../files/contextLayout";
import { publishedHostKeys } from "../files/sshHosts";
import type { RunSsh } from "./run";

/** Name of the file with the host keys of well-known services in the build context. */
export const hostKeysName = "known_hosts";

/** Places the host keys of a layer in the build context; undefined for a layer without SSH. */
export function sshIn(layout: ContextLayout, ssh: SshMount | undefined): RunSsh | undefined {
  if (!ssh) return undefined;
  const { id, knownHosts } = ssh;
  const hostKeys = layout.place(
    knownHosts === undefined
      ? { kind: "content", name: hostKeysName, content: publishedHostKeys }
      : { kind: "file", file: knownHosts },
  );
  return { id, hostKeys };
}
