import { browserOf, isBrowseNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";

/** Removes a repository that the person opened from the view. It is not deleted from the registry. */
export async function forgetRepository(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): Promise<void> {
  if (isBrowseNode(target) && target.kind === "repository") await browserOf(target).forget(target.path);
}
