import { ImageBuilderError } from "../../base/errors";
import { fileChanged } from "../../context/files/contextEntries";
import type { HashedContext } from "../../context/files/hashedEntries";
import { definitionInvalid } from "../definition/check";
import type { ImageDefinition } from "../definition/definition";
import type { FileFacts } from "../files/fileHash";
import { baseOf } from "../resolve/baseImage";
import {
  resolveDockerfile,
  resolveImage,
  type ImagePlaces,
  type ResolvedDockerfile,
  type ResolvedImage,
} from "../resolve/resolve";
import { withOutside } from "./outsidePlaces";
import { dockerfileTag, hashedDockerfile, tagOf } from "./tag";

/** Image that was resolved and hashed once, so that the same name is shown, looked up, and built. */
export interface PlannedImage {
  readonly image: ImageDefinition;
  /**
   * Base image if there is nothing to build; otherwise `<registry>/<name>:<tag>`, or `<name>:<tag>` without a registry.
   * The tag identifies the files as they were when hashed.
   */
  readonly uri: string;
  readonly resolved: Resolution;
}

/** Resolved form of an image; references are not built. */
type Resolution =
  | { readonly kind: "reference"; readonly baseImage: string }
  | ({ readonly kind: "dockerfile" } & ResolvedDockerfile)
  | ({ readonly kind: "layers" } & ResolvedImage);

/**
 * Resolves an image and computes its URI.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, `sourceNotConfirmed`, and errors of reading folders;
 * the signal's reason if aborted
 */
export async function planImage(
  image: ImageDefinition,
  places: ImagePlaces = {},
  signal?: AbortSignal,
): Promise<PlannedImage> {
  return withOutside(
    places,
    async (limited) => {
      const resolved = resolutionOf(image, limited);
      return { image, resolved, uri: await uriOf(image, resolved, signal) };
    },
    signal,
  );
}

/**
 * Checks that the files of a plan still match its tag; unchanged files are not read again.
 *
 * @throws ImageBuilderError `contextChanged`, and errors of reading folders; the signal's reason if aborted
 */
export async function checkUnchanged({ image, uri, resolved }: PlannedImage, signal?: AbortSignal): Promise<void> {
  if (resolved.kind !== "reference" && (await uriOf(image, resolved, signal)) !== uri) throw changed(image, resolved);
}

/**
 * Returns the hashed files of an image from a Dockerfile, so that only those are sent.
 *
 * @throws as {@link checkUnchanged}
 */
export async function hashedContext(
  { image, uri, resolved }: PlannedImage & { readonly resolved: ResolvedDockerfile },
  signal?: AbortSignal,
): Promise<HashedContext> {
  const { tag, hashed } = await hashedDockerfile(resolved, signal);
  if (nameWithTag(image, tag) !== uri) throw changed(image, resolved);
  return hashed;
}

function changed(image: ImageDefinition, { hashes }: FileFacts): ImageBuilderError {
  const { changed: file } = hashes;
  if (file !== undefined) return fileChanged(file, `has changed since the tag of "${image.name}" was computed`);
  return new ImageBuilderError(
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
