import type { ContextTarget } from "../model/target";
import type { WithTreemaps } from "../treemap/treemaps";
import type { WithContextView } from "./contextView";
import { isContextNode } from "./contextNode";

/**
 * Returns the paths that a command of the Build Context view or the treemap applies to: a rectangle of the treemap, the
 * given row with the other selected rows, otherwise the selection of the view.
 */
export function contextTargetOf(
  { contextView, treemaps }: WithContextView & WithTreemaps,
  target: unknown,
  selection: unknown,
): ContextTarget | undefined {
  const rectangle = treemaps.targetOf(target);
  if (rectangle) return rectangle;
  const nodes = (Array.isArray(selection) ? selection : target === undefined ? contextView.selection : [target]).filter(
    isContextNode,
  );
  const live = nodes[0]?.live;
  const paths = nodes.filter((node) => node.live === live && node.kind === "contextEntry").map(({ path }) => path);
  return live && paths.length > 0 ? { live, paths } : undefined;
}
