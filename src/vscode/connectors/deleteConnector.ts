import * as vscode from "vscode";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { removeConnector, targetOf } from "../settings/componentSettings";
import { ownSecrets } from "../components/questions/ownSecrets";
import { isConnectorReference } from "./view/connectorRequest";
import { connectorUsers } from "./view/connectorUsers";
import { pickConnector } from "./questions/pickConnector";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { showWarningMessage } from "../ui/messages";

/**
 * Deletes a connector from the settings, with the secrets that only it uses, and disconnects its components. A person
 * sees them and confirms first.
 */
export async function deleteConnector(services: WithCore & WithRefresh & WithSecrets, target?: unknown): Promise<void> {
  const record = await pickConnector(vscode.l10n.t("Delete Connector"), target);
  if (!record || !(isConnectorReference(target) || (await isAgreed(record)))) return;
  const { core, secrets, refresh } = services;
  const names = ownSecrets(record);
  for (const user of connectorUsers(record.name))
    await (await core.components(targetOf(user))).disconnect(user.type, user.name);
  await removeConnector(record.name);
  for (const name of names) await secrets.delete(name);
  refresh.fire();
}

async function isAgreed(record: ConnectorRecord): Promise<boolean> {
  const users = connectorUsers(record.name).map(({ name }) => `"${name}"`);
  const secrets = ownSecrets(record).map((name) => `"${name}"`);
  const detail = [
    users.length > 0
      ? vscode.l10n.t(
          "It supplies the credentials of {0}, which will use existing docker login credentials instead.",
          users.join(", "),
        )
      : vscode.l10n.t("No builder or registry uses it."),
    secrets.length > 0 &&
      vscode.l10n.t("The stored secrets {0} aren't used elsewhere and are deleted too.", secrets.join(", ")),
  ]
    .filter(Boolean)
    .join("\n");
  const remove = vscode.l10n.t("Delete");
  return (
    (await showWarningMessage(
      vscode.l10n.t('Delete the connector "{0}"?', record.name),
      { modal: true, detail },
      remove,
    )) === remove
  );
}
