import { LiveOverview } from "../model/liveOverview";

/** Row of the Build Context view: the context itself, an entry, or the remaining entries of a large folder. */
export interface ContextNode {
  readonly kind: "context" | "contextEntry" | "contextRest";
  readonly live: LiveOverview;
  /** Path relative to the context's root, with slashes; for remaining entries, the path of their folder. */
  readonly path: string;
  readonly parent?: ContextNode;
}

/** Whether a command's argument is a row of the Build Context view. */
export function isContextNode(value: unknown): value is ContextNode {
  return typeof value === "object" && value !== null && "live" in value && value.live instanceof LiveOverview;
}
