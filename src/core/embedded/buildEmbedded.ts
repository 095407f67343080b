import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import type { BuildContext } from "../context/files/buildContext";
import type { RegistryPlace } from "../distribution/registryConnection";
import type { DiskCache } from "./cache/diskCache";
import { LayerListings } from "./cache/layerListings";
import type { ImageState } from "./image/imageConfig";
import { imageParts, indexOf, type ImageParts, type MediaFamily } from "./output/imageParts";
import { LayerMemory } from "./output/layerMemory";
import type { PackedLayer } from "./output/packLayer";
import type { PushedImage } from "./output/pushImage";
import type { BuildPlan } from "./plan/planBuild";
import { BaseImages } from "./run/baseImages";
import { buildPlatform } from "./run/buildPlatform";
import type { StageResult } from "./run/buildStage";

/** An image to build from a plan for each of its platforms. */
export interface EmbeddedBuild {
  readonly plans: readonly BuildPlan[];
  /** Whether the platforms were asked for. */
  readonly isChosen: boolean;
  readonly context: BuildContext;
  readonly labels?: Readonly<Record<string, string>>;
  /** Returns the way to a registry with base images, by its host. */
  readonly placeOf: (host: string) => RegistryPlace;
  /** The time of the build in seconds since 1970 (`SOURCE_DATE_EPOCH`); default is that of the newest file. */
  readonly epoch?: number;
  readonly family: MediaFamily;
  /** Of the compression, 1 to 9. */
  readonly level: number;
  readonly signal: AbortSignal;
  /** Keeps results for later builds. */
  readonly cache?: DiskCache;
  /** Whether to read all files, even those that seem unchanged since an earlier build. */
  readonly verifies?: boolean;
  /** Asked once it is known that the image can be built, and before anything is handed over. */
  readonly confirm?: () => Promise<void>;
}

/**
 * Builds an image without running anything, and hands it over while its layers are in temporary files.
 *
 * @throws ObstacleError for what turned out to need another builder; ImageBuilderError; what `use` throws
 */
export async function buildEmbedded<Result>(
  build: EmbeddedBuild,
  use: (image: PushedImage) => Promise<Result>,
): Promise<Result> {
  const memory = new LayerMemory({ cache: build.cache, verifies: build.verifies ?? false, listedMs: Date.now() });
  const bases = new BaseImages(build.placeOf, build.signal, new LayerListings(build.cache));
  const targets: StageResult[] = [];
  // All of them before a layer is packed: what another builder has to do is known as early as can be.
  for (const plan of build.plans) targets.push(await buildPlatform({ ...build, plan, bases }));
  await build.confirm?.();
  const folder = await onDisk(() => mkdtemp(join(tmpdir(), `image-builders-${process.pid}-`)));
  try {
    const images: { image: ImageParts; state: ImageState }[] = [];
    for (const [number, target] of targets.entries()) images.push(await packed(target, build, memory, folder, number));
    const index = images.length > 1 ? indexOf(images, build.family) : undefined;
    return await use({ images: images.map(({ image }) => image), index });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function packed(
  { state, base, layers }: StageResult,
  { epoch, family, level, signal }: EmbeddedBuild,
  memory: LayerMemory,
  folder: string,
  number: number,
): Promise<{ readonly image: ImageParts; readonly state: ImageState }> {
  const ready: PackedLayer[] = [];
  for (const [index, layer] of layers.entries())
    ready.push(await onDisk(() => memory.pack(layer, `layer-${number}-${index}`, { folder, level, signal })));
  const created = timeOf(epoch ?? layers.reduce((newest, layer) => Math.max(newest, layer.newest), madeAt(base)));
  const history = state.history.map((step, i) => ({
    ...step,
    // The history of the base is not changed.
    created: i < (base?.state.history.length ?? 0) ? step.created : created,
  }));
  const withTimes = { ...state, history };
  return { image: imageParts({ state: withTimes, base, layers: ready, created, family }), state: withTimes };
}

function madeAt(base: StageResult["base"]): number {
  const seconds = Math.floor(Date.parse(base?.state.created ?? "") / 1000);
  return seconds > 0 ? seconds : 0;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Puts a failure of the disk into words. */
async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (ImageBuilderError.is(error) || systemCodeOf(error) === undefined) throw error;
    throw new ImageBuilderError(
      "buildFailed",
      `Can't write temporary files in "${tmpdir()}" (${messageOf(error)}). Free some space there, or set TMPDIR.`,
      { cause: error },
    );
  }
}
