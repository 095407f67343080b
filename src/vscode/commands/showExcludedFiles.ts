import type { Services } from "../services";

/** Lists what is not sent too, with the line that decided. */
export function showExcludedFiles({ contextView }: Services): Promise<void> {
  return contextView.showExcluded(true);
}
