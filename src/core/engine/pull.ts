import type { Credentials } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import { failureIn } from "../transport/daemonMessage";
import { daemonStatus, daemonWords, requestFailure, type EngineClient } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { layerEvent } from "./progress/layerState";

const remedies: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/no matching manifest/i, "The image isn't available for the daemon's platform. Choose one that is."],
  [
    /manifest unknown|not found/i,
    "The registry has no image by that name. It may have been deleted; refresh the view.",
  ],
  [/\b429\b|toomanyrequests|too many requests/i, "The registry limits the number of requests. Wait, or log in."],
  [
    /unauthorized|no basic auth|incorrect username or password|denied/i,
    "The registry didn't allow the account to pull. Check the credentials and the account's access to the repository.",
  ],
  [
    /x509|certificate/i,
    "The daemon doesn't trust the registry's certificate. " +
      "On the daemon's machine, save its CA certificate as /etc/docker/certs.d/<registry>/ca.crt.",
  ],
  [
    /server gave HTTP response to HTTPS client/i,
    "The registry uses plain HTTP. Add it to insecure-registries in the daemon's settings.",
  ],
  [/no space left on device/i, "The daemon's disk is full. Free up space on it."],
  [
    /connection refused|no such host|i\/o timeout|EOF|connection reset|broken pipe/i,
    "The daemon couldn't reach the registry. Check that the registry's address also works from the daemon's machine.",
  ],
];

/**
 * Pulls one image into the daemon.
 *
 * @param imageName full name with a tag or a digest; default is `latest`
 * @throws ImageBuilderError `pullFailed` with the daemon's words, `daemonLost`; the abort reason when canceled
 */
export async function pullImage(
  client: EngineClient,
  imageName: string,
  credentials: Credentials | undefined,
  operation: Operation,
): Promise<void> {
  const { name, tag = "latest", digest } = parseImageReference(imageName);
  const reference = digest === undefined ? `${name}:${tag}` : `${name}@${digest}`;
  const stream = await client.pull(reference, credentials, operation.signal).catch((error: unknown) => {
    throw daemonStatus(error) === undefined || operation.signal.aborted
      ? requestFailure("pullFailed", `Can't pull ${imageName}`, error, operation.signal)
      : pullFailure(imageName, daemonWords(error));
  });
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw pullFailure(imageName, failure.trim());
    const layer = layerEvent(message);
    if (layer) operation.report(layer);
  }
}

/**
 * Returns the error of a pull. Only the daemon's words determine the remedy, because the image's name may contain any
 * words.
 */
function pullFailure(imageName: string, words: string): ImageBuilderError {
  const remedy = remedies.find(([pattern]) => pattern.test(words))?.[1];
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  return new ImageBuilderError("pullFailed", `Can't pull ${imageName}: ${sentence}${remedy ? ` ${remedy}` : ""}`, {
    cause: new Error(words),
  });
}
