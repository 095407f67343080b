import type { WithContextView } from "./view/contextView";

/** Shows excluded files in the Build Context view, with the rules that exclude them. */
export function showExcludedFiles({ contextView }: WithContextView): Promise<void> {
  return contextView.showExcluded(true);
}
