import { BuildContext } from "../context/files/buildContext";
import type { RegistryTokens } from "../credentials/registryTokens";
import type { EngineClient } from "../engine/engineClient";
import { ImageBuilderError } from "../base/errors";
import type { ImplementationServices } from "../contracts/services";
import { parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import { checkBuildOptions } from "../base/checkBuildOptions";
import type { BuildOptions } from "../base/buildOptions";
import type { BuiltImage } from "../contracts/builtImage";
import type { ImageBuilder } from "../contracts/imageBuilder";

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
    const imageNames = [imageName, ...(checked.tags ?? [])];
    for (const name of imageNames) {
      parseImageReference(name);
      registry?.checkOwns(name);
    }

    if (checked.output && registry)
      throw new ImageBuilderError(
        "optionInvalid",
        "An exported build can't be pushed. Remove the output or the registry.",
      );

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
      const registryTokens = tokensFor(client, this.services, alive.signal);
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
      if (!registry) return { reference: imageName, imageId };

      const [repoDigest] = await pushAll(registry, imageNames, alive);
      return { reference: repoDigest ?? imageName, digest: repoDigest?.split("@")[1], imageId };
    });
  }
}

/**
 * Creates the source of registry tokens. Its module is loaded, and registries are contacted, only when the daemon
 * requests credentials.
 */
function tokensFor(client: EngineClient, { cloud }: ImplementationServices, signal: AbortSignal): RegistryTokens {
  let loaded: Promise<RegistryTokens> | undefined;
  const load = async (): Promise<RegistryTokens> => {
    const { DistributionTokens } = await import("../distribution/registryTokens");
    return new DistributionTokens((host) => ({
      insecure: () => client.isInsecureRegistry(host, signal),
      http: cloud?.http,
    }));
  };
  return {
    schemeOf: async (...question) => (await (loaded ??= load())).schemeOf(...question),
    fetch: async (...question) => (await (loaded ??= load())).fetch(...question),
    whyRefused: async (...question) => (await (loaded ??= load())).whyRefused(...question),
  };
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
