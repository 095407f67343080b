import { definitionInvalid } from "../definition/check";
import { checkImageName } from "../definition/cloneDefinition";
import { slimImage, withFlytePython } from "../definition/debianBase";
import type { ImageDefinition } from "../definition/definition";
import type { PythonVersion } from "../definition/pythonVersion";
import type { ImagePlaces } from "./places";

/**
 * Returns the base image of a definition.
 *
 * @throws ImageBuilderError `imageInvalid` for a reference name that is not configured
 */
export function baseOf(image: ImageDefinition, { imageRefs = {} }: ImagePlaces): string {
  if (image.baseImage !== undefined) return image.baseImage;
  if (image.refName !== undefined && Object.hasOwn(imageRefs, image.refName)) {
    return checkImageName(
      "fromRefName",
      `the image configured under the name "${image.refName}"`,
      imageRefs[image.refName],
    );
  }
  const known = Object.keys(imageRefs).map((name) => `"${name}"`);
  throw definitionInvalid(
    "fromRefName",
    `no image is configured under the name "${image.refName ?? ""}": ` +
      (known.length > 0 ? `the configured names are ${known.join(", ")}.` : "configure one first."),
  );
}

/**
 * Returns the base image for a version of Python, where the base is chosen by it.
 *
 * @throws as {@link baseOf}
 */
export function baseWith(image: ImageDefinition, version: PythonVersion, places: ImagePlaces): string {
  if (image.isSlim) return slimImage(version);
  const base = baseOf(image, places);
  return image.isDefaultPython ? withFlytePython(base, version) : base;
}
