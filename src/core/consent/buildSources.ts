import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { BuildOptions, SecretSource } from "../base/buildOptions";
import { contextSource } from "../base/contextSource";
import { findSecretValue, type SecretStore } from "../credentials/secretStore";
import type { Operation } from "../operation/operation";
import type { Destination, Source } from "../base/sourceConsent";

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
  for (const [id, source] of Object.entries(options.secrets ?? {})) {
    await consent.confirm(
      {
        source: await usedBySecret(source, root, secrets),
        destination,
        requestedBy: { kind: "buildSecret", name: id },
      },
      signal,
    );
  }
  for (const [id, source] of Object.entries(options.ssh ?? {})) {
    const socket = source === "agent" ? (process.env["SSH_AUTH_SOCK"] ?? source) : await realPath(source);
    await consent.confirm(
      { source: { kind: "sshAgent", socket }, destination, requestedBy: { kind: "buildSsh", name: id } },
      signal,
    );
  }
  for (const [name, text] of Object.entries(options.buildContexts ?? {})) {
    const read = contextSource(text);
    const source: Source =
      typeof read === "object" && read.kind === "folder"
        ? { kind: "folder", path: await realPath(read.path, root) }
        : { kind: "remoteContext", address: text };
    await consent.confirm({ source, destination, requestedBy: { kind: "buildContext", name } }, signal);
  }
}

async function usedBySecret(
  source: SecretSource,
  root: string | undefined,
  secrets: SecretStore | undefined,
): Promise<Source> {
  if ("env" in source) return { kind: "environment", name: source.env };
  if ("file" in source) return { kind: "file", path: await realPath(source.file, root) };
  const found = secrets && (await findSecretValue(source.secret, secrets));
  return { kind: "secret", name: found?.name ?? source.secret, keys: found ? [found.key] : [] };
}

/** Returns the real path of a file; a missing file is confirmed by the path at which it may be created. */
async function realPath(path: string, root = "."): Promise<string> {
  const written = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(root, path);
  return realpath(written).catch(() => written);
}
