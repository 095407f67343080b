import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { saysMore } from "../distribution/askReason";
import { refusalFailure, UnknownManifest } from "../distribution/registryFailure";
import { reasonOf } from "../distribution/refusalReason";
import type { Operation } from "../operation/operation";
import { isSameHostFor } from "../transport/endpointAddress";
import { BaseImageRefusal } from "./baseImageRefusal";
import type { BuildJob } from "./buildJob";
import { daemonRefusal } from "./daemonRefusal";

/**
 * Explains a build whose base image was refused by what its registry says.
 *
 * @returns the error itself if something else failed
 * @throws the signal's reason when aborted
 */
export async function explainBaseImage(
  error: unknown,
  { client, credentials, registryTokens }: Pick<BuildJob, "client" | "credentials" | "registryTokens">,
  { log, signal }: Pick<Operation, "log" | "signal">,
): Promise<unknown> {
  if (!ImageBuilderError.is(error) || !(error.cause instanceof BaseImageRefusal)) return error;
  const { imageName: image, message: words, failure } = error.cause;
  const { host, path, tag = "latest", digest = tag } = parseImageReference(image);
  const names = [path, digest];
  const refusal = daemonRefusal(words);
  // The reason is known if the image is missing or incomplete.
  if (refusal?.codes.some((code) => code === "MANIFEST_UNKNOWN" || code === "BLOB_UNKNOWN")) return error;
  // The failure of a source of credentials was logged when the daemon requested them.
  const login = await credentials.find(host, { repository: path, signal }).catch(() => undefined);
  signal.throwIfAborted();
  const asked = isSameHostFor(client.endpoint, host)
    ? await registryTokens?.whyRefused({ host, path, reference: digest }, login, signal)
    : undefined;
  if (asked?.cause instanceof UnknownManifest) return error;
  const reason = refusal && reasonOf(refusal, names);
  const purpose = `read "${path}${digest === tag ? ":" : "@"}${digest}"`;
  const passedOn = refusal && reason !== "absent" && refusalFailure(refusal, { host, purpose, login, names });
  const told = ImageBuilderError.is(asked) && saysMore(asked, refusal, reason) ? asked : passedOn;
  if (!told) return error;
  log.info(`The daemon reported for ${image}: ${words}`);
  return new ImageBuilderError("buildFailed", `${failure}: ${told.message}`, {
    location: error.location,
    cause: new ImageBuilderError(told.code, told.message, { cause: error.cause }),
  });
}
