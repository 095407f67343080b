import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { BuildOptions, SecretSource } from "../base/buildOptions";
import { contextSource } from "../base/contextSource";
import { contactedHost } from "../base/contactedHost";
import { findSecretValue, type SecretStore } from "../credentials/secretStore";
import type { Operation } from "../operation/operation";
import type { Destination, Requester, Source } from "../base/sourceConsent";
import { isWindowsPipe } from "../base/windowsPipe";
import { expandHome } from "../base/homePath";

/** Build by a builder that reads the sources of its options itself. */
export interface ForeignBuild {
  readonly options: Pick<BuildOptions, "secrets" | "ssh" | "buildContexts">;
  readonly root?: string;
  readonly destination: Destination;
  readonly secrets?: SecretStore;
}

/**
 * Requests consent to all secrets, SSH agents, keys, and named contexts of a build before its options are passed to a
 * contributed builder, which requests none itself.
 *
 * @throws ImageBuilderError `sourceNotConfirmed`
 */
export async function confirmBuildSources(
  { options, root, destination, secrets }: ForeignBuild,
  { consent, signal }: Pick<Operation, "consent" | "signal">,
): Promise<void> {
  if (!consent) return;
  const confirm = (requestedBy: Requester, source: Source): Promise<void> =>
    consent.confirm({ source, destination, requestedBy }, signal);
  const confirmPath = async (
    requestedBy: Requester,
    path: string,
    sourceAt: (path: string) => Source | Promise<Source>,
    unseenAt = sourceAt,
  ) => {
    const written = pathOf(path, root);
    // Looking at it would already sign in to another computer.
    if (contactedHost(path, root) !== undefined) await confirm(requestedBy, await unseenAt(written));
    // Returns the real path of a file; a missing file is confirmed by the path at which it may be created.
    await confirm(requestedBy, await sourceAt(await realpath(written).catch(() => written)));
  };
  for (const [name, source] of Object.entries(options.secrets ?? {})) {
    const requester: Requester = { kind: "buildSecret", name };
    if ("file" in source) await confirmPath(requester, source.file, (path) => ({ kind: "file", path }));
    else await confirm(requester, await usedBySecret(source, secrets));
  }
  for (const [name, source] of Object.entries(options.ssh ?? {})) {
    const requester: Requester = { kind: "buildSsh", name };
    const written = source === "agent" ? process.env["SSH_AUTH_SOCK"] || undefined : source;
    if (written === undefined || isWindowsPipe(written))
      await confirm(requester, { kind: "sshAgent", socket: written ?? source });
    else await confirmPath(requester, written, usedBySsh, (path) => ({ kind: "sshKey", path }));
  }
  for (const [name, text] of Object.entries(options.buildContexts ?? {})) {
    const requester: Requester = { kind: "buildContext", name };
    const read = contextSource(text);
    if (typeof read === "object" && (read.kind === "folder" || read.kind === "layout"))
      await confirmPath(requester, read.path, (path) => ({ kind: "folder", path }));
    else await confirm(requester, { kind: "remoteContext", address: text });
  }
}

async function usedBySecret(
  source: Exclude<SecretSource, { readonly file: string }>,
  secrets: SecretStore | undefined,
): Promise<Source> {
  if ("env" in source) return { kind: "environment", name: source.env };
  const found = secrets && (await findSecretValue(source.secret, secrets));
  return { kind: "secret", name: found?.name ?? source.secret, keys: found ? [found.key] : [] };
}

function pathOf(path: string, root = "."): string {
  return resolve(root, expandHome(path));
}

/** Tells a private key, which is a file, from the socket of an agent, as our own builders do. */
async function usedBySsh(path: string): Promise<Source> {
  const isKey = await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
  return isKey ? { kind: "sshKey", path } : { kind: "sshAgent", socket: path };
}
