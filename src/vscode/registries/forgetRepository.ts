import { browserOf, isBrowseNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";

/** Takes a repository that a person has named out of the tree; the registry keeps it. */
export async function forgetRepository(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): Promise<void> {
  if (isBrowseNode(target) && target.kind === "repository") await browserOf(target).forget(target.path);
}
