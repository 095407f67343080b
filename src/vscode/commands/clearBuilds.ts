import type { Services } from "../services";

/** Takes the builds that have ended out of the tree. */
export function clearBuilds({ builds }: Services): void {
  builds.clear();
}
