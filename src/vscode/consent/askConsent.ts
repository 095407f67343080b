import * as vscode from "vscode";
import type { Destination, SourceRequest } from "../../core/base/sourceConsent";
import { showWarningMessage } from "../ui/messages";
import { destinationText, requesterText, sourceText } from "./consentWords";

/** Longer parts push the rest out of sight; where one goes to is mostly told by its ends. */
const longestPart = 300;

/**
 * Asks a person whether a source may be used, with what, where to and by whom.
 *
 * @returns whether they have agreed; closing the question is a no
 */
export async function askConsent({ source, destination, requestedBy }: SourceRequest): Promise<boolean> {
  // The first button has the focus: a question may come up while somebody types, and Enter must not agree to it.
  const [deny, allow] = [vscode.l10n.t("Deny"), vscode.l10n.t("Allow")];
  const rows = [
    [vscode.l10n.t("What"), sourceText(source)],
    [vscode.l10n.t("Where to"), destinationText(destination)],
    [vscode.l10n.t("Asked for by"), requesterText(requestedBy)],
  ] as const;
  const detail = [
    ...rows.map(([label, text]) => `${label}: ${oneLine(text)}`),
    adviceOn(destination),
    vscode.l10n.t(
      'The answer is remembered for exactly this in this workspace; "Manage Trusted Sources..." takes it back.',
    ),
  ];
  return (await showWarningMessage(questionOf(destination), { modal: true, detail }, deny, allow)) === allow;
}

function questionOf({ kind }: Destination): string {
  switch (kind) {
    case "daemon":
      return vscode.l10n.t("Use the Docker daemon that this workspace names?");
    case "flavor":
      return vscode.l10n.t("Use the builder or registry that this workspace names?");
    case "image":
      return vscode.l10n.t("Use the image that this workspace names as a tool of its builds?");
    case "host":
    case "build":
      return vscode.l10n.t("Send what this workspace asks for?");
  }
}

function adviceOn({ kind }: Destination): string {
  switch (kind) {
    case "build":
      return vscode.l10n.t("Every step of the build that asks for it can read it and send it on.");
    case "host":
      return vscode.l10n.t("Allow it only if you know who runs that host. Nothing of it was sent so far.");
    case "image":
      return vscode.l10n.t("Allow it only if you know who publishes that image. It was not fetched so far.");
    case "daemon":
    case "flavor":
      return vscode.l10n.t("Allow it only if you know who runs it. Nothing was sent or contacted so far.");
  }
}

/** Names come from the workspace: none may look like a line of the question. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return plain.length > longestPart ? `${plain.slice(0, longestPart / 2)} … ${plain.slice(-longestPart / 2)}` : plain;
}
