import { isBrowseNode } from "./browse/browseNodes";
import type { WithContextView } from "../context/view/contextView";
import { isContextNode } from "../context/view/contextNode";

/** Lists more entries of a large folder, or more rows of a registry. */
export function showMoreRows({ contextView }: WithContextView, target?: unknown): void {
  if (isContextNode(target)) contextView.showMore(target);
  if (isBrowseNode(target)) target.listing.showMore();
}
