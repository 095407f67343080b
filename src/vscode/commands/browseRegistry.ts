import * as vscode from "vscode";
import { pickRegistry } from "../questions/pickRegistry";
import type { Services } from "../services";

/** Opens a registry's repositories in the sidebar. */
export async function browseRegistry({ registriesView }: Services, target?: unknown): Promise<void> {
  const component = await pickRegistry(vscode.l10n.t("Browse Registry"), target);
  if (component) await registriesView.reveal(registriesView.browserOf(component).root);
}
