import { ImageBuilderError, type ErrorCode } from "../base/errors";
import type { Refusal } from "./refusal";
import type { RefusalReason } from "./refusalReason";
import { RegistryClient } from "./registryClient";
import type { RegistryPlace } from "./registryConnection";

/** Request that was refused. */
export interface RefusedRequest {
  readonly action: "push" | "pull";
  /** Below the registry's host. */
  readonly path: string;
  /** A tag or a digest. */
  readonly reference: string;
  /** Whether the registry has said that it is asked too often: it tells for how long only who reads. */
  readonly isTooOften?: boolean;
}

/** Somebody waits for the answer, who knows already that it failed. */
const timeoutMs = 15_000;

/**
 * Asks a registry why it refuses a push or pull, by trying what that needs: nothing is left behind.
 *
 * @returns undefined where the registry refuses none of it, or does not answer in time
 * @throws the signal's reason when aborted
 */
export async function askReason(
  place: RegistryPlace,
  { action, path, reference, isTooOften = false }: RefusedRequest,
  signal: AbortSignal,
): Promise<ImageBuilderError | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  const client = new RegistryClient(place);
  try {
    if (action === "pull") await client.manifest(path, reference, either);
    else {
      await client.checkMayPush(path, either);
      if (isTooOften) await client.digestOf(path, reference, either);
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return undefined;
    if (ImageBuilderError.is(error)) return error;
    throw error;
  }
}

/** Answers that only a registry gives that was reached. */
const answers: readonly ErrorCode[] = [
  "registryUnauthorized",
  "registryDenied",
  "registryRefused",
  "registryRateLimited",
  "registryNotFound",
  "registryUnsupported",
];
/** Reasons that a fault of the registry or of its token service takes precedence over. */
const vague: readonly (RefusalReason | undefined)[] = [undefined, "failed", "unavailable", "invalid", "login"];

/**
 * Whether what a registry answers says more than what a daemon passes on of it.
 *
 * @param refusal what the daemon has met
 * @param reason the same, as far as it can be told
 */
export function saysMore(
  { code }: ImageBuilderError,
  refusal: Refusal | undefined,
  reason: RefusalReason | undefined,
): boolean {
  // A status alone may be that of the token service.
  const isVague = vague.includes(reason) || refusal?.codes.length === 0;
  return answers.includes(code) || (code === "registryFailed" && isVague);
}
