import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import type { CoreAccess } from "../../access/coreAccess";
import type { CredentialChecks, MadeCheck } from "../browse/credentialChecks";
import { connectorState, entryDetails } from "../../components/tree/componentDetails";
import type { ComponentState } from "../../components/tree/nodes";

/**
 * Describes the address of a registry and the source of its credentials, without signing in or contacting the registry.
 */
export async function registryState(
  core: CoreAccess,
  checks: CredentialChecks,
  component: Component,
): Promise<ComponentState> {
  const [registry, connector] = await Promise.all([
    core.implementation("container_registry", component.name, "quiet"),
    connectorState(core, component),
  ]);
  const usesConnector = component.connector !== undefined && !registry.requiresAuthentication;
  const made = checks.last(component);
  const source = usesConnector
    ? vscode.l10n.t('the connector "{0}"', component.connector ?? "")
    : (made?.check.source ?? (await registry.credentials())?.source ?? vscode.l10n.t("no credentials"));
  const failure = made?.check.outcome === "failed" ? made.check.message : undefined;
  return {
    summary: [...(made ? [outcomeInWords(made)] : []), registry.config.uri, source].join(" · "),
    details: [
      [vscode.l10n.t("Address"), registry.config.uri],
      [vscode.l10n.t("Credentials"), source],
      ...(made
        ? [[vscode.l10n.t("Checked"), `${outcomeInWords(made)} · ${made.at.toLocaleTimeString()}`] as const]
        : []),
      ...connector.details,
      ...entryDetails(component),
    ],
    problem: failure ?? connector.problem,
    isUnconfirmed: made?.check.outcome === "failed" && made.check.code === "sourceNotConfirmed",
    isWell: made !== undefined && failure === undefined,
  };
}

function outcomeInWords({ check }: MadeCheck): string {
  switch (check.outcome) {
    case "accepted":
      return check.pushTested === undefined ? vscode.l10n.t("accepted") : vscode.l10n.t("accepted, can push");
    case "mayPush":
      return vscode.l10n.t("accepted, can push");
    case "notWanted":
      return check.pushTested === undefined ? vscode.l10n.t("not required") : vscode.l10n.t("not required, can push");
    case "failed":
      return vscode.l10n.t("failed");
  }
}
