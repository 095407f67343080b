import * as vscode from "vscode";
import { componentSettings } from "../settings/componentSettings";
import type { FlavorRecord } from "../platform/memory";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import { showInformationMessage, showWarningMessage } from "../ui/messages";

/** Removes a flavor that was registered from a module. If components use it, the person is asked to confirm. */
export async function removeFlavor({ core, refresh }: WithCore & WithRefresh): Promise<void> {
  const { sources } = core.customFlavors;
  if (sources.list.length === 0)
    return void showInformationMessage(vscode.l10n.t("No flavors have been added from source in this workspace."));
  const choices = sources.list.map((record) => ({
    label: record.name,
    description: record.source,
    iconPath: new vscode.ThemeIcon("extensions"),
    value: record,
  }));
  const record = await pick({
    title: vscode.l10n.t("Remove Flavor"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a flavor to remove from this workspace; its file is kept"),
    choices,
  });
  if (!record || record === back || !(await isAgreed(record))) return;
  await sources.remove(record);
  refresh.fire();
}

async function isAgreed({ name, type }: FlavorRecord): Promise<boolean> {
  const users = componentSettings(type)
    .components.filter(({ flavor }) => flavor === name)
    .map((each) => `"${each.name}"`);
  if (users.length === 0) return true;
  const remove = vscode.l10n.t("Remove");
  const detail = vscode.l10n.t("It is used by {0}, which won't work without it.", users.join(", "));
  return (
    (await showWarningMessage(vscode.l10n.t('Remove the flavor "{0}"?', name), { modal: true, detail }, remove)) ===
    remove
  );
}
