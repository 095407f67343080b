import type { Services } from "../services";
import { isImageRow } from "../views/images/imageRow";

/** Looks for specs anew and asks the registries whether their images exist; on a row only for that one. */
export function refreshImages({ images }: Services, target?: unknown): void {
  images.refresh(isImageRow(target) ? target.spec : undefined);
}
