import type { Credentials } from "../credentials/credentialSource";
import { parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import { failureIn } from "../transport/daemonMessage";
import { daemonStatus, daemonWords, requestFailure } from "./requestFailure";
import type { EngineClient } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { layerEvent } from "./progress/layerState";
import { transferFailure } from "./transferFailure";

/**
 * Pulls one image into the daemon.
 *
 * @param imageName the full name, with a tag or a digest; without either it is `latest`
 * @throws ImageBuilderError `pullFailed` with the daemon's words as its cause, `daemonLost`; the abort reason when
 * cancelled
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
      : transferFailure({ action: "pull", imageName, words: daemonWords(error) });
  });
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw transferFailure({ action: "pull", imageName, words: failure.trim() });
    const layer = layerEvent(message);
    if (layer) operation.report(layer);
  }
}
