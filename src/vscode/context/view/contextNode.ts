import { LiveOverview } from "../model/liveOverview";

/**
 * One row of the Build Context view: the context itself, something in it, or what is not listed yet of a large folder.
 */
export interface ContextNode {
  readonly kind: "context" | "contextEntry" | "contextRest";
  readonly live: LiveOverview;
  /** Slash-separated, relative to the context's root; of the rest that of its folder. */
  readonly path: string;
  readonly parent?: ContextNode;
}

/** Whether a command's argument is a row of the Build Context view. */
export function isContextNode(value: unknown): value is ContextNode {
  return typeof value === "object" && value !== null && "live" in value && value.live instanceof LiveOverview;
}
