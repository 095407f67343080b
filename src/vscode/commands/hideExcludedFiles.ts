import type { Services } from "../services";

/** Lists only what is sent. */
export function hideExcludedFiles({ contextView }: Services): Promise<void> {
  return contextView.showExcluded(false);
}
