import * as vscode from "vscode";
import type { ServiceConnector } from "../../../core/connectors/serviceConnector";
import { withSignal } from "../../ui/withSignal";

/**
 * Signs in and checks that the registry accepts the login, with a notification that can cancel it.
 *
 * @returns the result as a sentence
 * @throws ImageBuilderError of the connector; vscode.CancellationError
 */
export async function verifyWithProgress(connector: ServiceConnector, resourceId?: string): Promise<string> {
  const id = await withSignal(vscode.l10n.t('Verifying the connector "{0}"', connector.name), (signal) =>
    connector.verify(resourceId, signal),
  );
  const end = connector.loginEndsAtMs(id);
  return end === undefined
    ? vscode.l10n.t('The connector "{0}" has signed in to {1}.', connector.name, id)
    : vscode.l10n.t(
        'The connector "{0}" has signed in to {1}. The login expires at {2} and is renewed before then.',
        connector.name,
        id,
        new Date(end).toLocaleString(),
      );
}
