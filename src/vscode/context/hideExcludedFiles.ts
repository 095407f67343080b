import type { WithContextView } from "./view/contextView";

/** Hides excluded files in the Build Context view. */
export function hideExcludedFiles({ contextView }: WithContextView): Promise<void> {
  return contextView.showExcluded(false);
}
