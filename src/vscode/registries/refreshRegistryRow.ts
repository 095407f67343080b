import { browserOf, isBrowseNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";

/** Loads the rows below a row again, with the registry's current credentials. */
export function refreshRegistryRow(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): void {
  if (!isBrowseNode(target)) return;
  browserOf(target).close();
  target.listing.forget();
}
