import { browserOf, isBrowseNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";

/** Asks a registry anew for what is below a row, with the credentials that it has now. */
export function refreshRegistryRow(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): void {
  if (!isBrowseNode(target)) return;
  browserOf(target).close();
  target.listing.forget();
}
