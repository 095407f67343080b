import { basename } from "node:path";
import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import { activeComponent, activeFolder } from "../settings/activeComponent";
import { isComponentRequest } from "./questions/componentRequest";
import type { WithMemory } from "../platform/memory";
import { showInformationMessage } from "../ui/messages";

/**
 * Shows the active builder and registry of a folder. A program gets the active component of the type that it specifies.
 */
export function getActiveComponent({ memory }: WithMemory, target?: unknown): Component | undefined {
  if (isComponentRequest(target)) return activeComponent(memory, target.type, target.folder);
  const folder = activeFolder(vscode.window.activeTextEditor?.document.uri.fsPath) ?? activeFolder();
  const nameOf = (type: ComponentType): string =>
    (folder === undefined ? undefined : activeComponent(memory, type, folder)?.name) ?? vscode.l10n.t("none");
  const text = vscode.l10n.t(
    "Default in {0}: builder {1}, registry {2}.",
    basename(folder ?? vscode.l10n.t("no folder")),
    nameOf("image_builder"),
    nameOf("container_registry"),
  );
  const change = vscode.l10n.t("Use Another by Default...");
  void showInformationMessage(text, change).then(
    (chosen) => chosen === change && vscode.commands.executeCommand("imageBuilders.setActiveComponent"),
  );
  return undefined;
}
