import { ImageBuilderError } from "../../base/errors";
import { fileChanged } from "../../context/files/contextEntries";
import { definitionInvalid } from "../definition/check";
import type { ImageDefinition } from "../definition/definition";
import {
  baseOf,
  resolveDockerfile,
  resolveImage,
  type ImagePlaces,
  type ResolvedDockerfile,
  type ResolvedImage,
} from "../resolve/resolve";
import { dockerfileTag, tagOf } from "./tag";

/** An image looked up and hashed once, so that the name that is shown, looked for and built is one. */
export interface PlannedImage {
  readonly image: ImageDefinition;
  /**
   * Its base where there is nothing to build, else `<registry>/<name>:<tag>`, or `<name>:<tag>` without a registry; the
   * tag stands for the files as they were.
   */
  readonly uri: string;
  readonly resolved: Resolution;
}

/** What an image comes to; nothing is built of a reference. */
type Resolution =
  | { readonly kind: "reference"; readonly baseImage: string }
  | ({ readonly kind: "dockerfile" } & ResolvedDockerfile)
  | ({ readonly kind: "layers" } & ResolvedImage);

/**
 * Looks up what an image needs and works out its URI.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, and what reading folders throws; the signal's reason
 */
export async function planImage(
  image: ImageDefinition,
  places: ImagePlaces = {},
  signal?: AbortSignal,
): Promise<PlannedImage> {
  const resolved = resolutionOf(image, places);
  return { image, resolved, uri: await uriOf(image, resolved, signal) };
}

/**
 * Makes sure that the files of a plan are those that its tag stands for; what has not changed is not read again.
 *
 * @throws ImageBuilderError `contextChanged`, and what reading folders throws; the signal's reason
 */
export async function checkUnchanged({ image, uri, resolved }: PlannedImage, signal?: AbortSignal): Promise<void> {
  if (resolved.kind === "reference" || (await uriOf(image, resolved, signal)) === uri) return;
  const { changed } = resolved.hashes;
  if (changed !== undefined) throw fileChanged(changed, `has changed since the tag of "${image.name}" was computed`);
  throw new ImageBuilderError(
    "contextChanged",
    `The files of "${image.name}" have changed since its tag was computed. ` +
      "Build again when they are no longer changing.",
  );
}

function resolutionOf(image: ImageDefinition, places: ImagePlaces): Resolution {
  if (!image.isCloned) return { kind: "reference", baseImage: baseOf(image, places) };
  if (image.dockerfile === undefined) return { kind: "layers", ...resolveImage(image, places) };
  return { kind: "dockerfile", ...resolveDockerfile(image.dockerfile, image, places) };
}

async function uriOf(image: ImageDefinition, resolved: Resolution, signal: AbortSignal | undefined): Promise<string> {
  switch (resolved.kind) {
    case "reference":
      return resolved.baseImage;
    case "dockerfile":
      return nameWithTag(image, await dockerfileTag(resolved, signal));
    case "layers":
      return nameWithTag(image, await tagOf(resolved, signal));
  }
}

function nameWithTag({ registry, name }: ImageDefinition, tag: string): string {
  if (!name) throw definitionInvalid("uri", "an image needs a name to be built. Clone it with a name.");
  return `${registry === undefined ? "" : `${registry}/`}${name}:${tag}`;
}
