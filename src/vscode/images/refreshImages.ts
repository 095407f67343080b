import type { WithImages } from "./specs/imageSpecs";
import { isImageRow } from "./view/imageRow";

/** Searches for specs again and checks whether their images exist in the registries; for a row, only that spec. */
export function refreshImages({ images }: WithImages, target?: unknown): void {
  images.refresh(isImageRow(target) ? target.spec : undefined);
}
