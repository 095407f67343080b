import type { LiveOverview } from "../../context/liveOverview";
import type { Services } from "../../services";
import { isContextNode } from "./contextNode";

/** Paths of a context that a command is about. */
export interface ContextTarget {
  readonly live: LiveOverview;
  /** Slash-separated, relative to the context's root. */
  readonly paths: readonly string[];
}

/**
 * What a command of the Build Context view or of the treemap was called on: a row with the others that are selected, a rectangle, else the
 * selection of the view.
 */
export function contextTargetOf({ contextView, treemaps }: Services, target: unknown, selection: unknown): ContextTarget | undefined {
  const rectangle = treemaps.targetOf(target);
  if (rectangle) return rectangle;
  const nodes = (Array.isArray(selection) ? selection : target === undefined ? contextView.selection : [target]).filter(isContextNode);
  const live = nodes[0]?.live;
  const paths = nodes.filter((node) => node.live === live && node.kind === "contextEntry").map(({ path }) => path);
  return live && paths.length > 0 ? { live, paths } : undefined;
}
