import { browserOf, isBrowseNode } from "../registries/browseNodes";
import type { Services } from "../services";

/** Asks a registry anew for what is below a row, with the credentials that it has now. */
export function refreshRegistryRow({ registriesView }: Services, target: unknown = registriesView.selected): void {
  if (!isBrowseNode(target)) return;
  browserOf(target).close();
  target.listing.forget();
}
