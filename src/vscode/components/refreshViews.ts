import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";

/** Asks the daemon and the credential helpers anew. */
export function refreshViews({ core, refresh }: WithCore & WithRefresh): void {
  core.reset();
  refresh.fire();
}
