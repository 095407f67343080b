import type { ImageDefinition } from "../definition/definition";
import { resolveImage, resolveLayers, type ImagePlaces } from "../resolve/resolve";
import { checkCopied } from "../files/folderFiles";
import { requireFile } from "../files/requirePath";
import { wheelsIn } from "../files/wheels";

/**
 * Checks that what an image needs on disk is there, layer by layer.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function validateImage(image: ImageDefinition, places: ImagePlaces): void {
  if (image.dockerfile === undefined) resolveImage(image, places);
  validateLayers(image, places);
}

/** The same of each layer by itself, whatever the others are. */
export function validateLayers(image: ImageDefinition, places: ImagePlaces): void {
  if (image.dockerfile !== undefined) {
    requireFile("fromDockerfile", places.root ?? ".", image.dockerfile, places.within);
    return;
  }
  const resolved = resolveLayers(image, places);
  for (const step of resolved.steps) {
    if (step.kind === "wheels") wheelsIn(step.folder);
    if (step.kind === "copyFolder") checkCopied(step, resolved);
  }
}
