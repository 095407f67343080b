import type { Credentials } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import { failureIn } from "../transport/daemonMessage";
import { daemonStatus, daemonWords, requestFailure, type EngineClient } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { layerEvent } from "./progress/layerState";

const remedies: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/no matching manifest/i, "The image is not there for the daemon's platform: choose one that is."],
  [
    /manifest unknown|not found/i,
    "The registry has no image of that name: refresh the view, it may have been deleted.",
  ],
  [/\b429\b|toomanyrequests|too many requests/i, "The registry limits how often it is asked: wait, or log in."],
  [
    /unauthorized|no basic auth|incorrect username or password|denied/i,
    "The registry did not let the account pull: check the credentials, and whether the account may see the repository.",
  ],
  [
    /x509|certificate/i,
    "The daemon does not trust the registry's certificate: give its CA to the daemon, under /etc/docker/certs.d/<registry>/ca.crt.",
  ],
  [
    /server gave HTTP response to HTTPS client/i,
    "The registry speaks plain HTTP: name it under insecure-registries in the daemon's settings.",
  ],
  [/no space left on device/i, "The daemon's disk is full: take away what is not needed there."],
  [
    /connection refused|no such host|i\/o timeout|EOF|connection reset|broken pipe/i,
    "The daemon could not reach the registry, which may be reached in another way from here: see whether its address is right there, too.",
  ],
];

/**
 * Pulls one image into the daemon.
 *
 * @param imageName the full name, with a tag or a digest; without either it is `latest`
 * @throws ImageBuilderError `pullFailed` with the daemon's words, `daemonLost`; the abort reason when cancelled
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
      ? requestFailure("pullFailed", `Pulling ${imageName} failed`, error, operation.signal)
      : pullFailure(imageName, daemonWords(error));
  });
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw pullFailure(imageName, failure.trim());
    const layer = layerEvent(message);
    if (layer) operation.report(layer);
  }
}

/** The remedy is taken from the daemon's words alone: the image may be named after any fault. */
function pullFailure(imageName: string, words: string): ImageBuilderError {
  const remedy = remedies.find(([pattern]) => pattern.test(words))?.[1];
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  return new ImageBuilderError("pullFailed", `Pulling ${imageName} failed: ${sentence}${remedy ? ` ${remedy}` : ""}`, {
    cause: new Error(words),
  });
}
