import { dirname } from "node:path";
import { findIgnoreFile } from "../../context/files/ignoreFile";
import { definitionInvalid } from "../definition/check";
import { checkConfined } from "../files/confinement";
import { requireFile } from "../files/requirePath";
import type { ImageDefinition } from "../definition/definition";
import { baseOf, executableBitsIn, resolveImage, type ImagePlaces } from "../resolve/resolve";
import { dockerfileTag, tagOf } from "./tag";

/**
 * The URI of an image: its base where there is nothing to build, else `<registry>/<name>:<tag>`, or `<name>:<tag>`
 * without a registry.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, and what reading folders throws; the signal's reason
 */
export async function imageUri(
  image: ImageDefinition,
  places: ImagePlaces = {},
  signal?: AbortSignal,
): Promise<string> {
  if (!image.isCloned) return baseOf(image, places);
  if (image.dockerfile === undefined) return nameWithTag(image, await tagOf(resolveImage(image, places), signal));
  const file = requireFile("fromDockerfile", places.root ?? ".", image.dockerfile, places.within);
  const ignoreFile = findIgnoreFile({ root: dirname(file), dockerfile: file, builder: "buildkit" });
  for (const path of [dirname(file), ...(ignoreFile === undefined ? [] : [ignoreFile])])
    checkConfined(path, places.within);
  return nameWithTag(
    image,
    await dockerfileTag(file, image.platform, executableBitsIn(places), places.alwaysInclude, signal),
  );
}

/** The name of an image with a tag. */
export function nameWithTag({ registry, name }: ImageDefinition, tag: string): string {
  if (!name) throw definitionInvalid("uri", "an image needs a name to be built. Clone it with a name.");
  return `${registry === undefined ? "" : `${registry}/`}${name}:${tag}`;
}
