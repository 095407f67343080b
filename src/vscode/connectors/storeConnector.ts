import * as vscode from "vscode";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import { saveConnector } from "../settings/componentSettings";
import { planSecrets, type SecretPlan } from "../components/questions/secretPlan";
import { askConnectorFields, recordOf, type CompleteDraft } from "./questions/connectorDraft";
import { back } from "../ui/back";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { showInformationMessage, showWarningMessage } from "../ui/messages";
import { verifyWithProgress } from "./view/verifyWithProgress";

/**
 * Verifies a connector and stores it with its secrets. If the check fails, the person can edit the connector or store
 * it anyway.
 *
 * @param before current entry, whose secrets are replaced
 * @returns undefined if the person canceled
 */
export async function verifyAndStore(
  services: WithCore & WithRefresh & WithSecrets & WithTrusted,
  start: CompleteDraft,
  before?: ConnectorRecord,
): Promise<ConnectorRecord | undefined> {
  let draft = start;
  for (;;) {
    const plan = await planSecrets(services.secrets, draft.name, draft, before?.configuration);
    const record = recordOf({ ...draft, configuration: plan.configuration }, before);
    const answer = await verified(services, record, plan);
    if (answer === "store") return store(services, record, plan, draft.target);
    if (answer === undefined) return undefined;
    const changed = await askConnectorFields(draft, {
      canGoBack: false,
      done: vscode.l10n.t("Verify and Save"),
      isListed: () => true,
    });
    if (changed === undefined || changed === back) return undefined;
    draft = changed;
  }
}

/** Stores a connector with its secrets and refreshes the views. */
export async function store(
  { core, secrets, trusted, refresh }: WithCore & WithRefresh & WithSecrets & WithTrusted,
  record: ConnectorRecord,
  plan: Pick<SecretPlan, "store">,
  target: vscode.ConfigurationTarget,
): Promise<ConnectorRecord> {
  await plan.store();
  await saveConnector(record, target);
  // Allows the sources without another prompt: the person has just entered or confirmed them.
  if (target !== vscode.ConfigurationTarget.Global)
    await (await core.trialConnector({ ...record, from: "workspace" }, secrets, trusted.allowing)).confirm();
  refresh.fire();
  return record;
}

async function verified(
  { core }: WithCore,
  record: ConnectorRecord,
  { preview }: SecretPlan,
): Promise<"store" | "change" | undefined> {
  try {
    const connector = await core.trialConnector(record, preview);
    if (connector.defaultId === undefined)
      void showInformationMessage(
        vscode.l10n.t(
          'The connector "{0}" has no registry, so it is verified when you connect it to one.',
          record.name,
        ),
      );
    else void showInformationMessage(await verifyWithProgress(connector));
    return "store";
  } catch (error) {
    if (!ImageBuilderError.is(error)) throw error;
    const [change, anyway] = [vscode.l10n.t("Edit..."), vscode.l10n.t("Save Without Verifying")];
    const chosen = await showWarningMessage(
      vscode.l10n.t('Can\'t verify the connector "{0}"', record.name),
      { modal: true, detail: messageOf(error) },
      change,
      anyway,
    );
    return chosen === change ? "change" : chosen === anyway ? "store" : undefined;
  }
}
