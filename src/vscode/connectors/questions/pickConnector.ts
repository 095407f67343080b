import * as vscode from "vscode";
import type { ConnectorRecord } from "../../../core/clouds/connectorType";
import { ImageBuilderError } from "../../../core/base/errors";
import { connectorSettings } from "../../settings/componentSettings";
import { isConnectorReference } from "../view/connectorRequest";
import { showInformationMessage } from "../../ui/messages";
import { isConnectorNode } from "../view/connectorsView";
import { back } from "../../ui/back";
import { pick } from "../../ui/quickInput";

/**
 * Returns the connector of the selected row or the one that a program specifies; otherwise lets the person pick one.
 * Returns undefined if the prompt was dismissed.
 *
 * @throws ImageBuilderError `connectorUnknown`
 */
export async function pickConnector(title: string, target: unknown): Promise<ConnectorRecord | undefined> {
  const { connectors } = connectorSettings();
  const wanted =
    isConnectorNode(target) && target.kind === "connector"
      ? target.record.name
      : isConnectorReference(target)
        ? target.connector
        : undefined;
  if (wanted !== undefined) {
    const known = connectors.find(({ name }) => name === wanted);
    if (known) return known;
    throw new ImageBuilderError("connectorUnknown", vscode.l10n.t('There is no connector named "{0}".', wanted));
  }
  if (connectors.length === 0) return void showInformationMessage(vscode.l10n.t("No connectors have been added yet."));
  const choices = connectors.map((record) => ({
    label: record.name,
    description: record.type,
    detail: record.resourceId,
    iconPath: new vscode.ThemeIcon("plug"),
    value: record,
  }));
  const chosen = await pick({ title, canGoBack: false, placeholder: vscode.l10n.t("Select a connector"), choices });
  return chosen === back ? undefined : chosen;
}
