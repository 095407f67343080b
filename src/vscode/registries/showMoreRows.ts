import { isBrowseNode } from "./browse/browseNodes";
import type { WithContextView } from "../context/view/contextView";
import { isContextNode } from "../context/view/contextNode";

/** Lists more of a large folder, or of a registry's many tags. */
export function showMoreRows({ contextView }: WithContextView, target?: unknown): void {
  if (isContextNode(target)) contextView.showMore(target);
  if (isBrowseNode(target)) target.listing.showMore();
}
