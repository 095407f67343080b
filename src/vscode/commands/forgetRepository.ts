import { browserOf, isBrowseNode } from "../registries/browseNodes";
import type { Services } from "../services";

/** Takes a repository that a person has named out of the tree; the registry keeps it. */
export async function forgetRepository({ registriesView }: Services, target: unknown = registriesView.selected): Promise<void> {
  if (isBrowseNode(target) && target.kind === "repository") await browserOf(target).forget(target.path);
}
