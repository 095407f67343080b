import type { Services } from "../services";

/** Reads the files of the shown context anew. */
export function refreshBuildContext({ contextView }: Services): Promise<void> {
  return contextView.refresh();
}
