import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";

/** Drops cached connections and refreshes the views, which query the daemon and the credential helpers again. */
export function refreshViews({ core, refresh }: WithCore & WithRefresh): void {
  core.reset();
  refresh.fire();
}
