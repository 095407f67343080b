import type { ImageDefinition } from "../definition/definition";
import type { ImagePlaces } from "../resolve/resolve";
import { planImage } from "./planImage";

/**
 * Returns the URI of an image, computed from its current files.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, and errors of reading folders; the signal's reason if
 * aborted
 */
export async function imageUri(
  image: ImageDefinition,
  places: ImagePlaces = {},
  signal?: AbortSignal,
): Promise<string> {
  return (await planImage(image, places, signal)).uri;
}
