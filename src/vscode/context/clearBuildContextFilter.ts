import type { WithContextView } from "./view/contextView";

/** Clears the filter of the Build Context view. */
export function clearBuildContextFilter({ contextView }: WithContextView): Promise<void> {
  return contextView.setFilter("");
}
