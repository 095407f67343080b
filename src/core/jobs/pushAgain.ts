import type { Component } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import type { EngineClient } from "../engine/engineClient";
import { daemonStatus, requestFailure } from "../engine/requestFailure";
import type { Operation } from "../operation/operation";
import { registryOf, type BuildResult, type Core } from "./buildAndPush";

/** Image of the daemon that was built but not pushed. */
export interface BuiltButNotPushed {
  /** Full names with tags, at least one. */
  readonly imageNames: readonly string[];
  /** ID that the daemon gave the image. */
  readonly imageId: string;
  readonly registry: Component;
}

/**
 * Pushes an image that an earlier build has left in the daemon.
 *
 * @throws ImageBuilderError `pushFailed` if the daemon no longer has the image under its name; errors of the push
 */
export async function pushAgain(
  { imageNames, imageId, registry: component }: BuiltButNotPushed,
  core: Core,
  operation: Operation,
): Promise<BuildResult> {
  const registry = await registryOf({ registry: component }, core);
  const startedAt = performance.now();
  const [client, { whileAlive }] = await Promise.all([core.services.engine.client(), import("../engine/heartbeat")]);
  return whileAlive(client, operation, async (alive) => {
    for (const imageName of imageNames) await checkSame(client, imageName, imageId, alive.signal);
    const repoDigests: string[] = [];
    // Sequential on purpose: the images share layers, so only the first push uploads.
    for (const imageName of imageNames) repoDigests.push((await registry?.pushImage(imageName, alive)) ?? "");
    const [imageName = "", repoDigest = ""] = [imageNames[0], repoDigests[0]];
    return {
      imageName,
      reference: repoDigest,
      repoDigest,
      digest: repoDigest.split("@")[1],
      imageId,
      sizeBytes: await client.imageSize(imageName, alive.signal),
      durationMs: performance.now() - startedAt,
    };
  });
}

/** Throws unless a name still belongs to the image that was built: a later build may have taken it. */
async function checkSame(client: EngineClient, imageName: string, imageId: string, signal: AbortSignal): Promise<void> {
  const found = await client.imageId(imageName, signal).catch((error: unknown) => {
    if (daemonStatus(error) === 404) return undefined;
    throw requestFailure("pushFailed", `Can't find ${imageName} in the daemon`, error, signal);
  });
  if (found === imageId) return;
  const why = found === undefined ? "no longer has the image" : "has another image with this name now";
  throw new ImageBuilderError("pushFailed", `Can't push ${imageName} again: the daemon ${why}. Build it again.`);
}
