import { isBrowseNode } from "../registries/browseNodes";
import type { Services } from "../services";
import { isContextNode } from "../views/context/contextNode";

/** Lists more of a large folder, or of a registry's many tags. */
export function showMoreRows({ contextView }: Services, target?: unknown): void {
  if (isContextNode(target)) contextView.showMore(target);
  if (isBrowseNode(target)) target.listing.showMore();
}
