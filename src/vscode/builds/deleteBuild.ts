import { isBuildNode } from "./buildNode";
import type { WithBuilds } from "./builds";

/** Deletes the selected builds that have ended, with their logs. */
export async function deleteBuild({ builds }: WithBuilds, target?: unknown, selection?: unknown): Promise<void> {
  const rows = (Array.isArray(selection) ? selection : [target]).filter(isBuildNode);
  await builds.remove(rows.map(({ build }) => build));
}
