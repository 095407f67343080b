import type { WithContextView } from "./view/contextView";

/** Lists only what is sent. */
export function hideExcludedFiles({ contextView }: WithContextView): Promise<void> {
  return contextView.showExcluded(false);
}
