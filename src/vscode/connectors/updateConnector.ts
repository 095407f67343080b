import * as vscode from "vscode";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { verifyAndStore } from "./storeConnector";
import { back } from "../ui/back";
import { askConnectorFields, connectorForm } from "./questions/connectorDraft";
import { pickConnector } from "./questions/pickConnector";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Updates a connector's fields, and stores it after a test sign-in where possible. */
export async function updateConnector(
  services: WithCore & WithRefresh & WithSecrets & WithTrusted,
  target?: unknown,
): Promise<ConnectorRecord | undefined> {
  const before = await pickConnector(vscode.l10n.t("Edit Connector"), target);
  if (!before) return undefined;
  const { connectorKind } = await import("../../core/connectors/connectorSource");
  const { type } = connectorKind(before);
  const { name, authMethod, configuration, resourceId, expiresAt, labels = {} } = before;
  const form = await connectorForm(vscode.l10n.t("Edit {0}", name), type, authMethod);
  // An existing entry is changed in the settings that contain it, regardless of `target`.
  const draft = {
    type,
    authMethod,
    form,
    name,
    configuration,
    secrets: {},
    resourceId,
    expiresAt,
    labels,
    target: vscode.ConfigurationTarget.Global,
  };
  const changed = await askConnectorFields(draft, {
    canGoBack: false,
    done: vscode.l10n.t("Verify and Save"),
    isListed: () => true,
  });
  return changed === undefined || changed === back ? undefined : verifyAndStore(services, changed, before);
}
