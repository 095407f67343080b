import * as vscode from "vscode";
import type { Destination, Source, SourceRequest } from "../../core/base/sourceConsent";
import { showWarningMessage } from "../ui/messages";
import { destinationText, requesterText, sourceText } from "./consentWords";

/**
 * Maximum length of a text in characters. Longer text would push the rest of the prompt out of view; the middle is
 * omitted, since the ends of a destination tell the most.
 */
const longestPart = 300;

/**
 * Asks the person to allow a source for a destination and a requester.
 *
 * @returns whether it was allowed; closing the prompt counts as a refusal
 */
export async function askConsent({ source, destination, requestedBy }: SourceRequest): Promise<boolean> {
  // The first button has the focus. The prompt may appear while the person is typing, and Enter must not allow it.
  const [deny, allow] = [vscode.l10n.t("Deny"), vscode.l10n.t("Allow")];
  const row = (label: string, text: string): string => `${label}: ${oneLine(text)}`;
  const detail = [
    ...whatRows(source, row),
    row(vscode.l10n.t("Destination"), destinationText(destination)),
    row(vscode.l10n.t("Requested by"), requesterText(requestedBy)),
    adviceOn(destination),
    vscode.l10n.t(
      'The answer is remembered for this exact request in this workspace. "Manage Trusted Sources..." revokes it.',
    ),
  ];
  return (await showWarningMessage(questionOf(destination), { modal: true, detail }, deny, allow)) === allow;
}

/** Shows each of several paths in a separate row, so that none of them is cut off. */
function whatRows(source: Source, row: (label: string, text: string) => string): string[] {
  const what = vscode.l10n.t("What");
  if (source.kind === "outsideFiles")
    return source.paths.map((path) => row(what, vscode.l10n.t("{0}, with everything in it if it is a folder", path)));
  if (source.kind === "outsideNames")
    return source.paths.map((path) => row(what, vscode.l10n.t("names of the folders in {0}", path)));
  return [row(what, sourceText(source))];
}

function questionOf({ kind }: Destination): string {
  switch (kind) {
    case "daemon":
      return vscode.l10n.t("Use the Docker daemon that this workspace specifies?");
    case "flavor":
      return vscode.l10n.t("Use the builder or registry that this workspace specifies?");
    case "image":
      return vscode.l10n.t("Use the image that this workspace specifies as a build tool?");
    case "builtImage":
      return vscode.l10n.t("Use files outside the workspace for this image?");
    case "host":
    case "build":
      return vscode.l10n.t("Send the data that this workspace requests?");
  }
}

function adviceOn({ kind }: Destination): string {
  switch (kind) {
    case "build":
      return vscode.l10n.t("Any build step that requests it can read it and send it elsewhere.");
    case "host":
      return vscode.l10n.t("Allow this only if you know who runs that host. The data has not been sent yet.");
    case "image":
      return vscode.l10n.t("Allow this only if you know who publishes that image. It has not been pulled yet.");
    case "builtImage":
      return vscode.l10n.t(
        "They become part of the image or its build, whose steps can send them elsewhere. They have not been read yet.",
      );
    case "daemon":
    case "flavor":
      return vscode.l10n.t("Allow this only if you know who runs it. It has not been contacted yet.");
  }
}

/** Names come from the workspace, so none may look like a separate line of the prompt. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return plain.length > longestPart ? `${plain.slice(0, longestPart / 2)} … ${plain.slice(-longestPart / 2)}` : plain;
}
