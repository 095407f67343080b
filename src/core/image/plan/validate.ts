import type { ImageDefinition } from "../definition/definition";
import { resolveImage, type ImagePlaces } from "../resolve/resolve";
import { requireFile } from "../files/requirePath";
import { wheelsIn } from "../files/wheels";

/**
 * Checks, layer by layer, that the files an image needs exist.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function validateImage(image: ImageDefinition, places: ImagePlaces): void {
  if (image.dockerfile !== undefined) {
    requireFile("fromDockerfile", places.root ?? ".", image.dockerfile, places.within);
    return;
  }
  const { steps } = resolveImage(image, places);
  for (const step of steps) if (step.kind === "wheels") wheelsIn(step.folder);
}
