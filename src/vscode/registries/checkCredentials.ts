import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { ImageBuilderError } from "../../core/base/errors";
import type { CredentialCheck } from "../../core/distribution/checkCredentials";
import { remediesForDenial, type Button } from "../builds/denialRemedies";
import type { WithTrusted } from "../consent/trustedSources";
import { mayNeedLogin } from "../../core/distribution/nextStep";
import type { WithMemory } from "../platform/memory";
import { pickRegistry } from "./pickRegistry";
import { pushedRepository } from "./pushedRepository";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithRegistriesView } from "./view/registriesView";
import { showErrorMessage, showInformationMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";

/**
 * Finds the credentials of a registry, tries them and a push to the folder's repository, and says how it went; the tree
 * shows it, too.
 */
export async function checkCredentials(
  services: WithCore & WithLog & WithMemory & WithRegistriesView & WithTrusted,
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
    const repository = await pushedRepository(services, registry, target);
    const createsRepositories =
      "createMissingRepositories" in registry.config && registry.config.createMissingRepositories === true;
    return withPush(
      await distribution.checkCredentials(registry.place(signal), { repository, createsRepositories, signal }),
    );
  });
  registriesView.checks.keep(component, check);
  registriesView.askAnew(component);
  // Not awaited: the caller gets the result before the message is closed.
  if (check.outcome !== "failed" && check.outcome !== "mayPush") void showInformationMessage(inWords(component, check));
  else if (check.outcome === "failed") {
    log.warn(check.message);
    void tellFailure(services, component, check);
  }
  return check;
}

/** Tells what became of the credentials, with the push beside it. */
function withPush(check: CredentialCheck): CredentialCheck {
  if (check.outcome !== "mayPush") return check;
  const { asksForCredentials, repository, ...rest } = check;
  return { ...rest, outcome: asksForCredentials ? "accepted" : "notWanted", pushTested: repository };
}

function inWords({ name }: Component, check: Exclude<CredentialCheck, { outcome: "failed" | "mayPush" }>): string {
  const { host, source, outcome, pushTested } = check;
  const push = pushTested === undefined ? "" : vscode.l10n.t(' A push to "{0}" is allowed.', pushTested);
  if (outcome === "accepted")
    return (
      vscode.l10n.t(
        '"{0}": {1} accepted the credentials from {2}.',
        name,
        host,
        source ?? vscode.l10n.t("an unknown source"),
      ) + push
    );
  if (source === undefined)
    return vscode.l10n.t('"{0}": {1} is reachable and doesn\'t require credentials.', name, host) + push;
  return (
    vscode.l10n.t(
      '"{0}": {1} is reachable and doesn\'t require credentials, so those from {2} were not tried.',
      name,
      host,
      source,
    ) + push
  );
}

async function tellFailure(
  services: WithLog & WithTrusted,
  component: Component,
  { code, message, source }: Extract<CredentialCheck, { outcome: "failed" }>,
): Promise<void> {
  const target = { kind: "component", component };
  const error = new ImageBuilderError(code, message);
  const from =
    source === undefined || message.includes(source) ? "" : vscode.l10n.t(" The credentials are from {0}.", source);
  const buttons: Button[] = [
    ...(code === "sourceNotConfirmed" ? remediesForDenial(services, error) : []),
    ...(mayNeedLogin(error)
      ? [
          {
            title: vscode.l10n.t("Sign In..."),
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
