import type { Services } from "../services";

/** Shows the whole context again. */
export function clearBuildContextFilter({ contextView }: Services): Promise<void> {
  return contextView.setFilter("");
}
