import type { LiveOverview } from "./liveOverview";

/** Paths of a context that a command is about. */
export interface ContextTarget {
  readonly live: LiveOverview;
  /** Slash-separated, relative to the context's root. */
  readonly paths: readonly string[];
}
