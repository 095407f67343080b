import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { ImageBuilderError, type ErrorCode } from "../../core/base/errors";
import { remediesForDenial, type Button } from "../builds/denialRemedies";
import type { WithTrusted } from "../consent/trustedSources";
import type { CredentialCheck } from "../../core/distribution/checkCredentials";
import { pickRegistry } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithRegistriesView } from "./view/registriesView";
import { showErrorMessage, showInformationMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";

/** Finds the credentials of a registry, tries them, and says how it went; the tree shows it, too. */
export async function checkCredentials(
  services: WithCore & WithLog & WithRegistriesView & WithTrusted,
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
  // Who called it reads the message when they like.
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

/** What helps, by what went wrong; a password is given where one may be wrong or missing. */
const needPassword: readonly ErrorCode[] = [
  "registryUnauthorized",
  "registryDenied",
  "registryRateLimited",
  "credentialsFailed",
];

async function tellFailure(
  services: WithLog & WithTrusted,
  component: Component,
  { code, message, source }: Extract<CredentialCheck, { outcome: "failed" }>,
): Promise<void> {
  const target = { kind: "component", component };
  const from =
    source === undefined || message.includes(source) ? "" : vscode.l10n.t(" The credentials are from {0}.", source);
  const buttons: Button[] = [
    ...(code === "sourceNotConfirmed" ? remediesForDenial(services, new ImageBuilderError(code, message)) : []),
    ...(needPassword.includes(code)
      ? [
          {
            title: vscode.l10n.t("Set Password..."),
            act: () => vscode.commands.executeCommand("imageBuilders.setRegistryPassword", target),
          },
        ]
      : []),
    {
      title: vscode.l10n.t("Try Again"),
      act: () => vscode.commands.executeCommand("imageBuilders.checkCredentials", target),
    },
    { title: vscode.l10n.t("Show Log"), act: () => services.log.show(true) },
  ];
  const chosen = await showErrorMessage(`"${component.name}": ${message}${from}`, ...buttons);
  await chosen?.act();
}
