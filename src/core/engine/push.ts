import type { Credentials } from "../credentials/credentialSource";
import { checkedDigest } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import { imageNameProblem, parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import { daemonAt } from "../transport/daemonName";
import { failureIn, resultIn, type DaemonMessage } from "../transport/daemonMessage";
import { daemonStatus, daemonWords, requestFailure } from "./requestFailure";
import type { EngineClient } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { layerEvent } from "./progress/layerState";
import { transferFailure } from "./transferFailure";

/**
 * Pushes one tag and finds out its digest: from the stream, else from the registry by way of the daemon.
 *
 * @param imageName the full name; without a tag it is `latest`
 * @returns the `repoDigest`, `name@sha256:…`
 * @throws ImageBuilderError `pushFailed` with the daemon's words as its cause, `pushNoDigest`, `digestInvalid`,
 * `daemonLost`
 */
export async function pushImage(
  client: EngineClient,
  imageName: string,
  credentials: Credentials | undefined,
  operation: Operation,
): Promise<string> {
  const { name, tag = "latest" } = parseImageReference(imageName);
  operation.report({ kind: "pushStarted", imageName });
  const stream = await client.push(name, tag, credentials, operation.signal).catch((error: unknown) => {
    throw daemonStatus(error) === undefined || operation.signal.aborted
      ? requestFailure("pushFailed", `Can't push ${imageName}`, error, operation.signal)
      : transferFailure({ action: "push", imageName, words: daemonWords(error) });
  });

  let digest: string | undefined;
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw transferFailure({ action: "push", imageName, words: failure.trim() });
    digest = digestIn(message) ?? digest;
    const layer = layerEvent(message);
    if (layer) operation.report(layer);
    else if (message.status && digestIn(message) === undefined)
      operation.report({ kind: "message", text: message.status });
  }

  digest ??= await askDigest(client, name, `${name}:${tag}`, credentials, operation);
  const repoDigest = `${name}@${checkedDigest(digest, daemonAt(client.endpoint))}`;
  operation.report({ kind: "pushed", imageName, repoDigest });
  return repoDigest;
}

/**
 * Returns the digest in a message, if any. Docker sends it in `aux`; its containerd image store and Podman only in the
 * status line `1.0: digest: sha256:… size: 528`.
 */
function digestIn(message: DaemonMessage): string | undefined {
  const { Digest } = resultIn(message);
  if (Digest !== undefined) return Digest;
  const text = message.status ?? message.stream;
  return text === undefined ? undefined : /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+/.exec(text.trim())?.[1];
}

/**
 * Whether a digest belongs to a name. The daemon omits `docker.io` and `library` in names, and sends `<none>@<none>` if
 * it knows none.
 */
function isOf(name: string, repoDigest: string): boolean {
  if (imageNameProblem(repoDigest) !== undefined) return false;
  const [wanted, found] = [parseImageReference(name), parseImageReference(repoDigest)];
  return wanted.host === found.host && wanted.path === found.path;
}

async function askDigest(
  client: EngineClient,
  name: string,
  tagged: string,
  credentials: Credentials | undefined,
  operation: Operation,
): Promise<string> {
  const causes: unknown[] = [];
  const answers = [
    () => client.registryDigest(tagged, credentials, operation.signal),
    async () =>
      (await client.repoDigests(tagged, operation.signal)).find((repoDigest) => isOf(name, repoDigest))?.split("@")[1],
  ];
  for (const answer of answers) {
    operation.signal.throwIfAborted();
    try {
      const digest = await answer();
      if (digest) return checkedDigest(digest, daemonAt(client.endpoint));
    } catch (error) {
      causes.push(error);
    }
  }
  throw new ImageBuilderError(
    "pushNoDigest",
    `${tagged} was pushed, but neither the daemon nor the registry reported its digest. ` +
      "Look up the digest in the registry.",
    { cause: new AggregateError(causes) },
  );
}
