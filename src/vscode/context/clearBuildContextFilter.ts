import type { WithContextView } from "./view/contextView";

/** Shows the whole context again. */
export function clearBuildContextFilter({ contextView }: WithContextView): Promise<void> {
  return contextView.setFilter("");
}
