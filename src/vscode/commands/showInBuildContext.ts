import type { Services } from "../services";
import { contextTargetOf } from "../views/context/contextTarget";

/** Selects a path of a treemap in the Build Context view. */
export async function showInBuildContext(services: Services, target?: unknown, selection?: unknown): Promise<void> {
  const { live, paths } = contextTargetOf(services, target, selection) ?? {};
  if (live) await services.contextView.show(live.place, paths?.[0]);
}
