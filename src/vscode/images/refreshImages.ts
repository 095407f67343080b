import type { WithImages } from "./specs/imageSpecs";
import { isImageRow } from "./view/imageRow";

/** Looks for specs anew and asks the registries whether their images exist; on a row only for that one. */
export function refreshImages({ images }: WithImages, target?: unknown): void {
  images.refresh(isImageRow(target) ? target.spec : undefined);
}
