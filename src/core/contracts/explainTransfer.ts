import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { askReason, saysMore } from "../distribution/askReason";
import { refusalFailure } from "../distribution/registryFailure";
import type { RegistryPlace } from "../distribution/registryConnection";
import { reasonOf } from "../distribution/refusalReason";
import { daemonRefusal } from "../engine/daemonRefusal";
import { daemonRemedy, explainedTransfer, TransferRefusal } from "../engine/transferFailure";
import type { Operation } from "../operation/operation";
import { isSameHostFor } from "../transport/endpointAddress";
import type { Endpoint } from "../transport/endpoint";

const wantsLogin: readonly ErrorCode[] = ["registryUnauthorized", "registryDenied"];

/** Push or pull that failed. */
export interface Transfer {
  /** With the login that was used. */
  readonly place: RegistryPlace;
  readonly login: CredentialAnswer | undefined;
  /** Failure of a source of credentials, which is why there is no login. */
  readonly failure?: ImageBuilderError;
  /** The daemon's. */
  readonly endpoint: Endpoint;
}

/**
 * Explains a push or pull that failed by what the registry itself says of it. Where it can't be asked, or finds nothing
 * wrong, the error code that the daemon passes on decides, and only then its words.
 *
 * @returns the error itself if it is not a registry's refusal
 * @throws the signal's reason when aborted
 */
export async function explainTransfer(
  error: unknown,
  { place, login, failure, endpoint }: Transfer,
  { log, signal }: Pick<Operation, "log" | "signal">,
): Promise<unknown> {
  if (!ImageBuilderError.is(error) || !(error.cause instanceof TransferRefusal)) return error;
  const { transfer } = error.cause;
  const { action, imageName, words } = transfer;
  const refusal = daemonRefusal(words);
  if (!refusal && daemonRemedy(words) !== undefined) return error;
  const { path, tag = "latest", digest = tag } = parseImageReference(imageName);
  const names = [path, tag];
  const reason = refusal && reasonOf(refusal, names);
  const asked = isSameHostFor(endpoint, place.host)
    ? await askReason(place, { action, path, reference: digest, isTooOften: reason === "tooOften" }, signal)
    : undefined;
  const purpose = action === "push" ? `push to "${path}"` : `read "${path}${digest === tag ? ":" : "@"}${digest}"`;
  const passedOn =
    refusal && refusalFailure(refusal, { host: place.host, purpose, login, names, isWrite: action === "push" });
  const explained = asked && saysMore(asked, refusal, reason) ? asked : passedOn;
  if (!explained) return error;
  if (failure && wantsLogin.includes(explained.code)) return explainedTransfer(transfer, failure);
  log.info(`The daemon reported for ${imageName}: ${words}`);
  return explainedTransfer(transfer, explained);
}
