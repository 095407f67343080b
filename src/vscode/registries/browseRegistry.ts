import * as vscode from "vscode";
import { pickRegistry } from "./pickRegistry";
import type { WithRegistriesView } from "./view/registriesView";

/** Opens a registry's repositories in the Registries view. */
export async function browseRegistry({ registriesView }: WithRegistriesView, target?: unknown): Promise<void> {
  const component = await pickRegistry(vscode.l10n.t("Browse Registry"), target);
  if (component) await registriesView.reveal(registriesView.browserOf(component).root);
}
