import { messageOf } from "../base/errors";
import type { EngineClient } from "../engine/engineClient";
import { BuildContext } from "../context/files/buildContext";
import type { ImplementationServices } from "../contracts/services";
import type { Operation } from "../operation/operation";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import { checkBuildOptions } from "../base/checkBuildOptions";
import type { BuildOptions } from "../base/buildOptions";
import type { BuiltImage } from "../contracts/builtImage";
import type { ImageBuilder } from "../contracts/imageBuilder";
import { imageNamesOf } from "./imageNames";
import { lazyTokens } from "./lazyTokens";

/**
 * Builds with the Docker daemon this machine uses: with BuildKit if the daemon has it, otherwise with the classic
 * builder.
 */
export class LocalImageBuilder implements ImageBuilder {
  readonly isBuildingLocally = true;
  readonly buildContextClass = BuildContext;

  constructor(private readonly services: ImplementationServices) {}

  async build(
    imageName: string,
    context: BuildContext,
    options: BuildOptions,
    operation: Operation,
    registry?: ContainerRegistry,
  ): Promise<BuiltImage> {
    const checked = checkBuildOptions(options);
    const imageNames = imageNamesOf(imageName, checked, registry);
    const { engine } = this.services;
    // Starting the thread takes as long as all steps before its first use, so it starts early.
    if (checked.builder !== "classic") engine.thread.start();
    const engineInfo = await engine.identify(operation.signal);
    const [client, { buildImage }, { whileAlive }] = await Promise.all([
      engine.client(),
      import("../engine/build"),
      import("../engine/heartbeat"),
    ]);
    const { credentials, secrets } = this.services;
    const environment = await engine.buildEnvironment(operation.log);
    return whileAlive(client, operation, async (alive) => {
      const { cloud } = this.services;
      const registryTokens = lazyTokens((host) => client.isInsecureRegistry(host, alive.signal), cloud?.http);
      const imageId = await buildImage(
        {
          client,
          thread: engine.thread,
          engineInfo,
          imageNames,
          context,
          options: checked,
          environment,
          credentials,
          registryTokens,
          secrets,
        },
        alive,
      );
      const [sizeBytes] =
        imageId === undefined
          ? []
          : await Promise.all([sizeOf(client, imageName, alive), traceLayers(client, imageName, alive)]);
      if (!registry) return { reference: imageName, imageId, sizeBytes };

      const [repoDigest] = await pushAll(registry, imageNames, alive);
      return { reference: repoDigest ?? imageName, digest: repoDigest?.split("@")[1], imageId, sizeBytes };
    });
  }
}

/** Returns undefined if the daemon can't report the size: the image is built nevertheless. */
async function sizeOf(
  client: EngineClient,
  imageName: string,
  { log, signal }: Operation,
): Promise<number | undefined> {
  try {
    return await client.imageSize(imageName, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`Can't read the size of ${imageName} (${messageOf(error)}).`);
    return undefined;
  }
}

/** Reports the layers of an image. Without them, a report of the build lacks its layers. */
async function traceLayers(client: EngineClient, imageName: string, { trace, log, signal }: Operation): Promise<void> {
  if (!trace) return;
  try {
    trace({ kind: "layers", layers: await client.layerSizes(imageName, signal) });
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`Can't read the layers of ${imageName} (${messageOf(error)}).`);
  }
}

/** Sequential on purpose: the images share layers, so only the first push uploads. */
async function pushAll(
  registry: ContainerRegistry,
  imageNames: readonly string[],
  operation: Operation,
): Promise<string[]> {
  const repoDigests: string[] = [];
  for (const imageName of imageNames) repoDigests.push(await registry.pushImage(imageName, operation));
  return repoDigests;
}
