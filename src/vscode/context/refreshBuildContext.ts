import type { WithContextView } from "./view/contextView";

/** Reads the files of the shown build context again. */
export function refreshBuildContext({ contextView }: WithContextView): Promise<void> {
  return contextView.refresh();
}
