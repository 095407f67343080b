import { ImageBuilderError } from "../base/errors";
import { readRefusal, type Refusal } from "./refusal";
import { reasonOf, type RefusalReason } from "./refusalReason";
import type { RegistryConnection } from "./registryConnection";

/** What is to be deleted. */
export interface Deletion {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  /** Of the manifest, from `/v2/` on. */
  readonly path: string;
  /** Follows on "to". */
  readonly purpose: string;
  readonly signal?: AbortSignal;
}

/**
 * Deletes a manifest, or the tag of one.
 *
 * @throws ImageBuilderError as `RegistryConnection.send`; `registryUnsupported` if the registry doesn't allow it
 */
export async function deleteManifest(
  connection: RegistryConnection,
  { repository, reference, path, purpose, signal }: Deletion,
): Promise<void> {
  const scope = `repository:${repository}:delete,pull`;
  const request = { path, scope, method: "DELETE", purpose, expected: "any", signal } as const;
  const response = await connection.send(request);
  const refusal = readRefusal(response);
  if (response.status < 300 && !refusal.isPage && refusal.codes.length === 0) return;
  if (/\bstill referenced\b/i.test(refusal.words))
    throw new ImageBuilderError(
      "registryRefused",
      `${connection.place.host} can't ${purpose} because something refers to it (${refusal.words}). ` +
        "Delete the tags and images that refer to it first.",
    );
  const reason = reasonOf(refusal, [repository, reference]);
  // Registries that know only digests call a tag a wrong one, which tells a person nothing.
  const isWrongDigest = !reference.includes(":") && isOnlyOfDigests(refusal, reason);
  if (response.status < 400 || (reason !== "unsupported" && !isWrongDigest))
    throw await connection.failure(request, response);
  const words = refusal.words === "" || isWrongDigest ? "" : ` (${refusal.words})`;
  throw new ImageBuilderError(
    "registryUnsupported",
    `${connection.place.host} can't ${purpose}${words}. ` +
      "Enable deletion in the registry (REGISTRY_STORAGE_DELETE_ENABLED), or use its website.",
  );
}

/**
 * Checks that what was deleted is gone: a registry may accept a request that it does not carry out. Where it can't be
 * asked, its answer to the deletion counts.
 *
 * @param ask returns the digest of what is still there
 * @throws ImageBuilderError `registryFailed`
 */
export async function checkGone(
  host: string,
  purpose: string,
  ask: () => Promise<string | undefined>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const left = await ask().catch((error: unknown) => {
    signal?.throwIfAborted();
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  });
  if (left === undefined) return;
  throw new ImageBuilderError(
    "registryFailed",
    `${host} accepted the request to ${purpose}, but still has it. ` +
      "Refresh the list after a while; if it is still there, use the registry's website.",
  );
}

/** Whether a tag was taken for a digest: by its code, or by a bad request that gives no other. */
function isOnlyOfDigests({ codes }: Refusal, reason: RefusalReason): boolean {
  const known = ["DIGEST_INVALID", "TAG_INVALID", "NAME_INVALID", "MANIFEST_INVALID", "UNKNOWN"];
  return reason === "invalid" && codes.every((code) => known.includes(code));
}
