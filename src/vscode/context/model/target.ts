import type { LiveOverview } from "./liveOverview";

/** Paths of a build context that a command applies to. */
export interface ContextTarget {
  readonly live: LiveOverview;
  /** Paths relative to the context's root, with slashes. */
  readonly paths: readonly string[];
}
