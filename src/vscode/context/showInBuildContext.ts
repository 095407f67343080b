import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { contextTargetOf } from "./view/contextTarget";

/** Selects a treemap's path in the Build Context view. */
export async function showInBuildContext(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<void> {
  const { live, paths } = contextTargetOf(services, target, selection) ?? {};
  if (live) await services.contextView.show(live.place, paths?.[0]);
}
