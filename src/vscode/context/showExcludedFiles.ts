import type { WithContextView } from "./view/contextView";

/** Lists what is not sent too, with the line that decided. */
export function showExcludedFiles({ contextView }: WithContextView): Promise<void> {
  return contextView.showExcluded(true);
}
