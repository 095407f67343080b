import { join } from "node:path";
import { platformsOf } from "../base/buildTargets";
import type { BuildOptions } from "../base/buildOptions";
import { checkBuildOptions } from "../base/checkBuildOptions";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { BuildContext } from "../context/files/buildContext";
import { readDockerfile, type DockerfileSource } from "../context/files/dockerfileSource";
import type { BuiltImage } from "../contracts/builtImage";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import type { ImageBuilder } from "../contracts/imageBuilder";
import type { ImplementationServices } from "../contracts/services";
import type { RegistryPlace } from "../distribution/registryConnection";
import type { PushedImage } from "../embedded/output/pushImage";
import { describeObstacles, ObstacleError, type Obstacle } from "../embedded/plan/obstacle";
import type { BuildPlan } from "../embedded/plan/planBuild";
import type { Operation } from "../operation/operation";
import { confirmEmbedded } from "./confirmEmbedded";
import type { EmbeddedImageBuilderConfig } from "./embeddedConfig";
import { LocalImageBuilder } from "./localImageBuilder";

/** Request for a build. */
interface Request {
  readonly imageNames: readonly string[];
  readonly context: BuildContext;
  readonly options: BuildOptions;
  readonly operation: Operation;
  readonly registry?: ContainerRegistry;
  readonly dockerfile: DockerfileSource;
}

/** Builds Dockerfiles that run nothing, and leaves others to the daemon if that is allowed. */
export class EmbeddedImageBuilder implements ImageBuilder {
  readonly isBuildingLocally = true;
  readonly buildContextClass = BuildContext;

  constructor(
    private readonly config: EmbeddedImageBuilderConfig,
    private readonly services: ImplementationServices,
  ) {}

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
    const dockerfile = await readDockerfile(context, checked);
    const request = { imageNames, context, options: checked, operation, registry, dockerfile };
    const plans = await plansOf(request);
    if (isObstacles(plans)) return this.#leave(plans, request);
    try {
      return await this.#build(plans, request);
    } catch (error) {
      if (error instanceof ObstacleError) return this.#leave([error], request);
      throw error;
    }
  }

  async #build(plans: readonly BuildPlan[], request: Request): Promise<BuiltImage> {
    const { imageNames, context, options, operation, registry } = request;
    const { log, signal } = operation;
    const [{ buildEmbedded }, { DiskCache }] = await Promise.all([
      import("../embedded/buildEmbedded"),
      import("../embedded/cache/diskCache"),
    ]);
    log.info(`Building ${imageNames.join(", ")} without a daemon.`);
    const { cacheFolder } = this.services;
    const maxBytes = this.config.cacheMiB * 2 ** 20;
    const isCached = cacheFolder !== undefined && maxBytes > 0;
    const cache = isCached ? new DiskCache({ folder: join(cacheFolder, "embedded"), maxBytes, log }) : undefined;
    const family = options.output ? "oci" : this.config.mediaTypes;
    return buildEmbedded(
      {
        plans,
        isChosen: options.platform !== undefined,
        context,
        labels: options.labels,
        placeOf: (host) => this.#placeOf(host, registry, signal),
        epoch: epochOf(options),
        family,
        level: this.config.level,
        cache,
        verifies: this.config.verify,
        signal,
        confirm: () => (registry ? confirmEmbedded(request, operation) : Promise.resolve()),
      },
      (image) => (registry ? this.#push(image, registry, request) : this.#export(image, request)),
    );
  }

  async #push(image: PushedImage, registry: ContainerRegistry, request: Request): Promise<BuiltImage> {
    const { imageNames, operation } = request;
    const { log, report, signal } = operation;
    const { pushImage } = await import("../embedded/output/pushImage");
    let digest: string | undefined;
    for (const imageName of imageNames) {
      const place = await registry.preparePush(imageName, operation);
      log.info(`Pushing ${imageName}.`);
      report({ kind: "pushStarted", imageName });
      digest = await pushImage(image, {
        imageName,
        place,
        signal,
        onPart: (part, way) =>
          report({
            kind: "layer",
            layerId: part.digest.slice("sha256:".length, shortDigest),
            state: way === "exists" || way === "mounted" ? "exists" : "done",
            currentBytes: part.size,
            totalBytes: part.size,
            text: ways[way],
          }),
      });
      report({ kind: "pushed", imageName, repoDigest: `${parseImageReference(imageName).name}@${digest}` });
    }
    const [first = ""] = imageNames;
    return { reference: `${parseImageReference(first).name}@${digest}`, digest };
  }

  async #export(image: PushedImage, { imageNames, options, operation }: Request): Promise<BuiltImage> {
    const { writeOciLayout } = await import("../embedded/output/ociLayout");
    const dest = options.output?.dest ?? "";
    await writeOciLayout(image, imageNames, dest, operation.signal);
    operation.report({ kind: "message", text: `Exported to ${dest}.` });
    return { reference: imageNames[0] ?? "" };
  }

  /** Hands the build to the daemon, and says why. */
  async #leave(obstacles: readonly Obstacle[], request: Request): Promise<BuiltImage> {
    const { imageNames, context, options, operation, registry, dockerfile } = request;
    const reason = describeObstacles(obstacles);
    const [{ line }] = obstacles as readonly [Obstacle];
    const location = line === undefined || dockerfile.isExtraFile ? undefined : { file: dockerfile.file, line };
    if (this.config.fallback === "none")
      throw new ImageBuilderError(
        "buildFailed",
        `The embedded builder can't build this image (${reason}). ` +
          'Set its "fallback" to "local", or choose another builder.',
        { location },
      );
    operation.log.info(`The embedded builder can't build this image (${reason}). The Docker daemon builds it instead.`);
    const [imageName = ""] = imageNames;
    try {
      return await new LocalImageBuilder(this.services).build(imageName, context, options, operation, registry);
    } catch (error) {
      if (!ImageBuilderError.is(error, "daemonUnreachable")) throw error;
      throw new ImageBuilderError(
        error.code,
        `The embedded builder can't build this image (${reason}), and the Docker daemon can't be used: ` +
          error.message,
        { cause: error, location },
      );
    }
  }

  #placeOf(host: string, registry: ContainerRegistry | undefined, signal: AbortSignal): RegistryPlace {
    const own = registry?.place(signal);
    if (own?.host === host) return own;
    const { credentials, engine, cloud } = this.services;
    return {
      host,
      credentials: (repository) => credentials.find(host, { repository, signal }),
      insecure: async () => (await engine.client()).isInsecureRegistry(host, signal),
      http: cloud?.http,
    };
  }
}

const shortDigest = "sha256:".length + 12;
const ways = {
  exists: "Layer already exists",
  mounted: "Mounted from another repository",
  whole: "Pushed",
  chunked: "Pushed",
} as const;

async function plansOf(request: Request): Promise<readonly BuildPlan[] | readonly Obstacle[]> {
  const { options, dockerfile } = request;
  const obstacles = obstaclesOfOptions(request);
  if (obstacles.length > 0) return obstacles;
  const { planBuild } = await import("../embedded/plan/planBuild");
  const buildPlatform = `linux/${architectures[process.arch] ?? process.arch}`;
  const platforms = platformsOf(options);
  const plans: BuildPlan[] = [];
  for (const platform of platforms.length > 0 ? platforms : [buildPlatform]) {
    const plan = planBuild(dockerfile.text, { ...options, platform, buildPlatform });
    if (!("stages" in plan)) return plan;
    plans.push(plan);
  }
  return plans;
}

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

function obstaclesOfOptions({ options, registry }: Request): Obstacle[] {
  const { builder = "auto", buildContexts = {}, cacheTo = [], output, squash, isolation } = options;
  const reasons = [
    ...(builder === "auto" ? [] : [`the option builder "${builder}"`]),
    ...(Object.keys(buildContexts).length > 0 ? ["the option buildContexts"] : []),
    ...(cacheTo.length > 0 ? ["the option cacheTo"] : []),
    ...(squash ? ["the option squash"] : []),
    ...(isolation ? ["the option isolation"] : []),
    ...(output && output.type !== "oci" ? [`the output type "${output.type}"`] : []),
    ...(output && registry ? ["an export that is pushed"] : []),
    ...(!output && !registry ? ["an image that stays in the daemon"] : []),
  ];
  return reasons.map((reason) => ({ reason }));
}

function isObstacles(plans: readonly BuildPlan[] | readonly Obstacle[]): plans is readonly Obstacle[] {
  return plans.some((plan) => "reason" in plan);
}

/** @see https://reproducible-builds.org/docs/source-date-epoch/ */
function epochOf({ buildArgs = {} }: BuildOptions): number | undefined {
  const given = buildArgs["SOURCE_DATE_EPOCH"];
  return given !== undefined && /^\d{1,11}$/.test(given) ? Number(given) : undefined;
}
