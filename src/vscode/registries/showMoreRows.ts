import { LocalImagesNode } from "../components/localImages/localImageNodes";
import { isBrowseNode } from "./browse/browseNodes";
import type { WithContextView } from "../context/view/contextView";
import { isContextNode } from "../context/view/contextNode";

/** Lists more entries of a large folder, more rows of a registry, or more images of a daemon. */
export function showMoreRows({ contextView }: WithContextView, target?: unknown): void {
  if (isContextNode(target)) contextView.showMore(target);
  if (target instanceof LocalImagesNode) target.showMore();
  if (isBrowseNode(target)) target.listing.showMore();
}
