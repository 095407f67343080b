import type { Services } from "../services";
import { isContextNode } from "../views/context/contextNode";

/** Lists more of a large folder. */
export function showMoreRows({ contextView }: Services, target?: unknown): void {
  if (isContextNode(target)) contextView.showMore(target);
}
