import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ConnectorRegistration } from "../../api/api";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { ImageBuilderError } from "../../core/base/errors";
import { connectorSettings } from "../settings/componentSettings";
import { targetOfScope } from "../settings/writableTarget";
import { isConnectorRegistration } from "./view/connectorRequest";
import { store, verifyAndStore } from "./storeConnector";
import { askConnector } from "./questions/askConnector";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/**
 * Registers a service connector, after a test sign-in where possible. Secrets that a person enters are kept in the
 * secret storage.
 */
export async function registerConnector(
  services: WithCore & WithRefresh & WithSecrets & WithTrusted,
  target?: unknown,
): Promise<ConnectorRecord | undefined> {
  if (isConnectorRegistration(target)) return register(services, target);
  const draft = await askConnector();
  return draft && verifyAndStore(services, draft);
}

async function register(
  services: WithCore & WithRefresh & WithSecrets & WithTrusted,
  { verify = true, scope, ...record }: ConnectorRegistration,
): Promise<ConnectorRecord> {
  const where = targetOfScope(scope);
  if (connectorSettings().connectors.some(({ name }) => name === record.name)) {
    throw new ImageBuilderError(
      "connectorInvalid",
      vscode.l10n.t('A connector named "{0}" already exists. Choose another name.', record.name),
    );
  }
  const stored = { id: randomUUID(), ...record };
  const connector = await services.core.trialConnector(
    { ...record, from: "program" },
    services.secrets,
    services.trusted.asking,
  );
  // Once the connector is in the user settings, it counts as the user's own, so its sources must be confirmed now.
  if (verify && connector.defaultId !== undefined) await connector.verify();
  else await connector.confirm();
  return store(services, stored, { store: async () => undefined }, where);
}
