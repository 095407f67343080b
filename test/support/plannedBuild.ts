import type { ImageDefinition } from "../../src/core/image/definition/definition";
import {
  imageBuild,
  imagePreview,
  type ImageBuild,
  type ImageBuildOptions,
  type ImagePreview,
} from "../../src/core/image/plan/imageBuild";
import { planImage } from "../../src/core/image/plan/planImage";

/** What building an image takes, planned on the files as they are now. */
export async function plannedBuild(
  image: ImageDefinition,
  options: ImageBuildOptions = {},
): Promise<ImageBuild | undefined> {
  return imageBuild(await planImage(image, options, options.signal), options);
}

/** What building an image would take, planned on the files as they are now. */
export async function plannedPreview(
  image: ImageDefinition,
  options: ImageBuildOptions = {},
): Promise<ImagePreview | undefined> {
  return imagePreview(await planImage(image, options, options.signal), options);
}
