import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import type { ErrorCode } from "../../core/base/errors";
import type { CredentialCheck } from "../../core/distribution/checkCredentials";
import { pickRegistry } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithRegistriesView } from "./view/registriesView";
import { showErrorMessage, showInformationMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";

/** Tries the credentials of a registry, and shows the result in a message and in the view. */
export async function checkCredentials(
  services: WithCore & WithLog & WithRegistriesView,
  target?: unknown,
): Promise<CredentialCheck | undefined> {
  const component = await pickRegistry(vscode.l10n.t("Check Credentials"), target);
  if (!component) return undefined;
  const { core, registriesView, log } = services;
  const check = await withSignal(vscode.l10n.t('Checking the credentials of "{0}"', component.name), async (signal) => {
    const [registry, distribution] = await Promise.all([
      core.implementation("container_registry", component.name),
      import("../../core/distribution/checkCredentials"),
    ]);
    return distribution.checkCredentials(registry.place(signal), { signal });
  });
  registriesView.checks.keep(component, check);
  registriesView.askAnew(component);
  // Not awaited: the caller gets the result before the message is closed.
  if (check.outcome !== "failed") void showInformationMessage(inWords(component, check));
  else {
    log.warn(check.message);
    void tellFailure(services, component, check);
  }
  return check;
}

function inWords({ name }: Component, { host, source, outcome }: CredentialCheck): string {
  if (outcome !== "notWanted")
    return vscode.l10n.t(
      '"{0}": {1} accepted the credentials from {2}.',
      name,
      host,
      source ?? vscode.l10n.t("an unknown source"),
    );
  if (source === undefined)
    return vscode.l10n.t('"{0}": {1} is reachable and doesn\'t require credentials.', name, host);
  return vscode.l10n.t(
    '"{0}": {1} is reachable and doesn\'t require credentials, so those from {2} were not tried.',
    name,
    host,
    source,
  );
}

/** Failures after which entering a password may help. */
const needPassword: readonly ErrorCode[] = [
  "registryUnauthorized",
  "registryDenied",
  "registryRateLimited",
  "credentialsFailed",
];

async function tellFailure(
  services: WithLog,
  component: Component,
  { code, message, source }: Extract<CredentialCheck, { outcome: "failed" }>,
): Promise<void> {
  const [again, password, showLog] = [
    vscode.l10n.t("Try Again"),
    vscode.l10n.t("Set Password..."),
    vscode.l10n.t("Show Log"),
  ];
  const from =
    source === undefined || message.includes(source) ? "" : vscode.l10n.t(" The credentials are from {0}.", source);
  const actions = [...(needPassword.includes(code) ? [password] : []), again, showLog];
  const chosen = await showErrorMessage(`"${component.name}": ${message}${from}`, ...actions);
  const target = { kind: "component", component };
  if (chosen === again) await vscode.commands.executeCommand("imageBuilders.checkCredentials", target);
  else if (chosen === password) await vscode.commands.executeCommand("imageBuilders.setRegistryPassword", target);
  else if (chosen === showLog) services.log.show(true);
}
