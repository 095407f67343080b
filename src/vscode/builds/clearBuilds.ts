import type { WithBuilds } from "./builds";

/** Takes the builds that have ended out of the tree. */
export function clearBuilds({ builds }: WithBuilds): void {
  builds.clear();
}
