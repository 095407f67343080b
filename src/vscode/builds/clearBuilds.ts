import type { WithBuilds } from "./builds";

/** Removes the builds that have ended from the view. */
export function clearBuilds({ builds }: WithBuilds): void {
  builds.clear();
}
