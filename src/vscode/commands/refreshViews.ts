import type { Services } from "../services";

/** Asks the daemon and the credential helpers anew. */
export function refreshViews({ core, refresh }: Services): void {
  core.reset();
  refresh.fire();
}
