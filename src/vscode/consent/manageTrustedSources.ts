import * as vscode from "vscode";
import type { SourceRequest } from "../../core/base/sourceConsent";
import { destinationText, placeText, requesterText, sourceText } from "./consentWords";
import { back } from "../ui/back";
import { pick, type Choice } from "../ui/quickInput";
import type { SecretPart, WithSecrets } from "../platform/secrets";
import type { WithTrusted } from "./trustedSources";
import { showInformationMessage } from "../ui/messages";

type Removal = { readonly requests: readonly SourceRequest[] } | { readonly part: SecretPart };

/**
 * Lists the sources that were allowed in this workspace and the destinations of stored secrets, and revokes the
 * selected ones until the list is dismissed.
 */
export async function manageTrustedSources(services: WithSecrets & WithTrusted): Promise<void> {
  for (;;) {
    const choices = await choicesOf(services);
    if (choices.length === 0) {
      void showInformationMessage(vscode.l10n.t("No sources have been allowed in this workspace."));
      return;
    }
    const removal = await pick({
      title: vscode.l10n.t("Manage Trusted Sources"),
      canGoBack: false,
      placeholder: vscode.l10n.t("Select a source to revoke; you are asked about it again on the next use"),
      choices,
    });
    if (removal === undefined || removal === back) return;
    if ("part" in removal) await services.secrets.unbind(removal.part);
    else await services.trusted.revoke(removal.requests);
  }
}

async function choicesOf({ trusted, secrets }: WithSecrets & WithTrusted): Promise<Choice<Removal>[]> {
  const { list } = trusted.confirmations;
  const bound = await secrets.boundSecrets();
  const none = { requests: [] };
  return [
    ...(list.length === 0
      ? []
      : [{ label: vscode.l10n.t("Allowed in this workspace"), kind: vscode.QuickPickItemKind.Separator, value: none }]),
    ...list.map(({ request, at }) => ({
      label: sourceText(request.source),
      description: vscode.l10n.t("to {0}", destinationText(request.destination)),
      detail: vscode.l10n.t("{0} · allowed {1}", requesterText(request.requestedBy), new Date(at).toLocaleDateString()),
      iconPath: new vscode.ThemeIcon("shield"),
      value: { requests: [request] },
    })),
    ...(list.length < 2
      ? []
      : [
          {
            label: vscode.l10n.t("Remove All"),
            iconPath: new vscode.ThemeIcon("clear-all"),
            value: { requests: list.map(({ request }) => request) },
          },
        ]),
    ...(bound.length === 0
      ? []
      : [
          {
            label: vscode.l10n.t("Destinations of stored secrets"),
            kind: vscode.QuickPickItemKind.Separator,
            value: none,
          },
        ]),
    ...bound.map(({ name, keys, places }) => ({
      label: vscode.l10n.t("secret {0}", `${name}.${keys.join(", ")}`),
      description: vscode.l10n.t("belongs to {0}", places.map(placeText).join(", ")),
      detail: vscode.l10n.t("After removal, it belongs to the next destination that your user settings send it to"),
      iconPath: new vscode.ThemeIcon("lock"),
      value: { part: { name, keys } },
    })),
  ];
}
