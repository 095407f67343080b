import * as vscode from "vscode";
import { isBrowseNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";
import { createInputBox } from "../ui/inputBox";

/**
 * Filters a registry's repositories or a repository's tags while text is typed. Escape restores the previous filter; an
 * empty text shows all rows.
 */
export async function filterRegistryRows(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): Promise<void> {
  if (!isBrowseNode(target) || (target.kind !== "repositories" && target.kind !== "repository")) return;
  const { listing } = target;
  const before = listing.filter;
  const title =
    target.kind === "repository"
      ? vscode.l10n.t("Filter Tags of {0}", target.path)
      : vscode.l10n.t("Filter Repositories of {0}", target.browser.component.name);
  const prompt = vscode.l10n.t("Enter part of the name; leave empty to show all");
  const box = createInputBox({ title, prompt, placeholder: target.kind === "repository" ? "1.2" : "team/app" });
  box.value = before;
  await registriesView.reveal(target);
  const accepted = await new Promise<boolean>((resolve) => {
    box.onDidChangeValue((text) => listing.setFilter(text.trim()));
    box.onDidAccept(() => resolve(true));
    box.onDidHide(() => resolve(false));
    box.show();
  });
  listing.setFilter(accepted ? box.value.trim() : before);
  box.dispose();
}
