import * as vscode from "vscode";
import type { ServiceConnector } from "../../core/connectors/serviceConnector";
import { connectorUsers } from "./view/connectorUsers";
import { isConnectorReference } from "./view/connectorRequest";
import { verifyWithProgress } from "./view/verifyWithProgress";
import { back } from "../ui/back";
import { checkResourceId } from "../components/questions/checkResourceId";
import { pickConnector } from "./questions/pickConnector";
import { type } from "../ui/quickInput";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import { showInformationMessage } from "../ui/messages";

/**
 * Signs in with a connector to check that the registry accepts the login, and shows the result and when the login
 * expires. A program gets that sentence instead.
 */
export async function verifyConnector(
  { core, refresh }: WithCore & WithRefresh,
  target?: unknown,
): Promise<string | undefined> {
  const title = vscode.l10n.t("Verify Connector");
  const record = await pickConnector(title, target);
  if (!record) return undefined;
  const connector = await (await core.connectors()).get(record.name);
  const resourceId = isConnectorReference(target)
    ? target.resourceId
    : (connector.defaultId ?? (await askResource(`${title}: ${record.name}`, connector)));
  if (resourceId === undefined && !isConnectorReference(target)) return undefined;
  try {
    const found = await verifyWithProgress(connector, resourceId);
    if (!isConnectorReference(target)) void showInformationMessage(found);
    return found;
  } finally {
    refresh.fire();
  }
}

/** Asks for the registry; proposes one that a component uses the connector for. */
async function askResource(title: string, connector: ServiceConnector): Promise<string | undefined> {
  const answer = await type({
    title,
    canGoBack: false,
    prompt: vscode.l10n.t("Enter the registry to sign in to"),
    placeholder: "ghcr.io/team",
    value: connectorUsers(connector.name)
      .map(({ connectorResourceId }) => connectorResourceId)
      .find((id) => id !== undefined),
    check: (text) => checkResourceId(connector, text),
  });
  return answer === undefined || answer === back ? undefined : answer.text;
}
