import * as vscode from "vscode";
import type { WithLog } from "../../platform/host";
import type { WithSecrets } from "../../platform/secrets";
import type { WithMemory } from "../../platform/memory";
import type { Manner, WithCore } from "../../access/coreAccess";
import type { ImageRequest } from "../../../core/jobs/ensureImage";
import { ImageBuilderError } from "../../../core/base/errors";
import type { Image } from "../../../core/image/image";
import type { ImageBuildOptions } from "../../../core/image/plan/imageBuild";
import type { ImageSpec } from "../../../core/image/spec/readImageSpec";
import { activeComponent } from "../../settings/activeComponent";
import { componentNamed, componentSettings } from "../../settings/componentSettings";
import { buildSettings } from "../../platform/settings";
import { withSignal } from "../../ui/withSignal";
import { existenceMemory } from "./existenceMemory";
import { imageSettings } from "./imageSettings";
import { confirmOutside, placesFor } from "./outsideFiles";
import { imageOf, readSpec } from "./readSpec";
import { specFolder } from "./specFiles";
import { specRegistry } from "./specRegistry";

/** Time in milliseconds before progress is shown; most specs are read faster. */
const patienceMs = 1000;

/** Services for reading specs. */
export type SpecServices = WithCore & WithLog & WithMemory & WithSecrets;

/** Image of a spec with its registry. */
type Destination = Pick<ImageRequest, "registry" | "madeRegistry"> & { readonly image: Image };

/** Spec with its image, the settings that apply to it, and its registry. */
export interface PlacedSpec extends Pick<ImageRequest, "places" | "registry" | "madeRegistry"> {
  readonly spec: ImageSpec;
  readonly image: Image;
}

/** Placed spec with the current files, which determine its URI. */
export interface SpecPlan extends PlacedSpec, Pick<ImageRequest, "uri" | "resolved" | "memory"> {
  readonly image: Image;
}

/** Destination of a spec's image. */
export interface SpecTarget {
  /** `always` requires a registry and fails without one; `ifPossible` falls back to an image without a registry. */
  readonly push: "always" | "ifPossible" | "never";
  /** Name of a registry in the settings. */
  readonly registry?: string;
  /** Name of a builder in the settings; default is the one for the spec. */
  readonly builder?: string;
  /** Whether the person is asked about files outside the workspace; views use "quiet". Default is "asking". */
  readonly manner?: Manner;
  /** Called before the error of files outside the workspace that are not allowed. */
  readonly onOutsideRefused?: () => void;
}

/**
 * Reads a spec and determines the destination and URI of its image.
 *
 * @throws ImageBuilderError as {@link placeSpec}, `imageFileMissing`, `sourceNotConfirmed`, and errors of reading
 * folders; the signal's reason
 */
export async function planSpec(
  services: SpecServices,
  uri: vscode.Uri,
  target: SpecTarget,
  signal?: AbortSignal,
): Promise<SpecPlan> {
  const [placed, { planImage }] = await Promise.all([
    placeSpec(services, uri, target, signal),
    import("../../../core/image/plan/planImage"),
  ]);
  const { places, registry } = placed;
  const image = await withPlatform(services, placed.image, uri, target, signal);
  return {
    ...placed,
    ...(await planImage(image, places, signal)),
    image,
    memory: registry && (await existenceMemory(services.memory, registry)),
  };
}

/** Adds the only platform that the daemon's image store keeps to an image that names none. */
async function withPlatform(
  { core, memory }: SpecServices,
  image: Image,
  uri: vscode.Uri,
  { push }: SpecTarget,
  signal: AbortSignal | undefined,
): Promise<Image> {
  if (image.isDefaultPlatform !== true || !image.isCloned) return image;
  const [builder] = [
    ...[activeComponent(memory, "image_builder", specFolder(uri)) ?? []].flat(),
    ...componentSettings("image_builder").components,
  ];
  if (builder !== undefined && builder.flavor !== "local") return image;
  const { onlyPlatform } = await import("../../../core/jobs/onlyPlatform");
  const { services } = await core.get(push === "ifPossible" ? "quiet" : "asking");
  const platform = await onlyPlatform(image, services.engine, signal);
  return platform === undefined ? image : image.clone({ platform });
}

/**
 * Runs {@link planSpec} with a notification that can cancel it if it takes long.
 *
 * @throws vscode.CancellationError
 */
export function planWithProgress(services: SpecServices, uri: vscode.Uri, target: SpecTarget): Promise<SpecPlan> {
  const title = vscode.l10n.t("Reading {0} and the files it uses", vscode.workspace.asRelativePath(uri));
  return withSignal(title, (signal) => planSpec(services, uri, target, signal), patienceMs);
}

/**
 * Reads a spec and determines the destination of its image, without reading the files that it uses.
 *
 * @throws ImageBuilderError `imageInvalid` with its location, `imageFileMissing` if the spec doesn't exist,
 * `registryMissing`; the signal's reason
 */
export async function placeSpec(
  services: SpecServices,
  uri: vscode.Uri,
  target: SpecTarget,
  signal?: AbortSignal,
): Promise<PlacedSpec> {
  const spec = await readSpec(uri, { log: services.log, signal });
  const found = await destinationOf(services, uri, imageOf(uri, spec), target);
  const confirm = confirmOutside(services, uri, found, target);
  return { spec, ...found, places: { ...(await placesOf(services, uri)), confirmOutside: confirm } };
}

/** Returns the values that a spec doesn't contain: its folder, the settings, and the names of stored secrets. */
export async function placesOf(
  { secrets, log }: Pick<SpecServices, "secrets" | "log">,
  uri: vscode.Uri,
): Promise<ImageBuildOptions> {
  return {
    root: specFolder(uri),
    ...imageSettings(uri),
    alwaysInclude: buildSettings(uri).alwaysInclude,
    storedSecrets: (await secrets.list()).map(({ name }) => name),
    log,
    within: placesFor(uri),
  };
}

/**
 * Returns the image with its registry: that of the spec, the target, or the settings.
 *
 * @throws ImageBuilderError `registryMissing`, and errors of creating the registry, unless the target is `ifPossible`
 */
export async function destinationOf(
  { core, memory, secrets }: SpecServices,
  uri: vscode.Uri,
  image: Image,
  target: SpecTarget,
): Promise<Destination> {
  if (target.push === "never" || !image.isCloned) return { image };
  const registries = componentSettings("container_registry").components;
  const active = specRegistry(memory, specFolder(uri));
  const asked = target.registry === undefined ? undefined : componentNamed("container_registry", target.registry);
  const { pushTarget } = await import("../../../core/jobs/pushTarget");
  try {
    return await pushTarget(
      image,
      { registries, asked, active, storedSecrets: (await secrets.list()).map(({ name }) => name) },
      await core.get(target.push === "ifPossible" ? "quiet" : "asking"),
    );
  } catch (error) {
    if (target.push === "ifPossible" && ImageBuilderError.is(error)) return { image };
    throw error;
  }
}
