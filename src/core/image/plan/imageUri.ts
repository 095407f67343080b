import type { ImageDefinition } from "../definition/definition";
import type { ImagePlaces } from "../resolve/resolve";
import { planImage } from "./planImage";

/**
 * The URI of an image, made of its files as they are now.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, and what reading folders throws; the signal's reason
 */
export async function imageUri(
  image: ImageDefinition,
  places: ImagePlaces = {},
  signal?: AbortSignal,
): Promise<string> {
  return (await planImage(image, places, signal)).uri;
}
