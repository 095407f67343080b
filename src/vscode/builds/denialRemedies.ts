import * as vscode from "vscode";
import type { WithTrusted } from "../consent/trustedSources";
import { isDockerfile, isIgnoreFile, isSpecFile } from "../platform/fileKinds";
import type { BuildNode } from "./buildNode";
import type { Build } from "./history/build";

/** A button of a message, with its action. */
export interface Button extends vscode.MessageItem {
  readonly act: () => unknown;
}

/**
 * Returns the buttons for a source that was not allowed: to review it, and to open the place that names it. Sources of
 * other places are in the list of trusted sources.
 *
 * @param build the build that failed because of it, which is repeated once the source is allowed
 */
export function remediesForDenial({ trusted }: WithTrusted, error: unknown, build?: Build): Button[] {
  const denied = trusted.deniedBy(error);
  if (!denied)
    return [
      {
        title: vscode.l10n.t("Manage Trusted Sources..."),
        act: () => vscode.commands.executeCommand("imageBuilders.manageTrustedSources"),
      },
    ];
  const review: Button = {
    title: vscode.l10n.t("Review and Allow..."),
    act: async () => {
      if (!(await trusted.review(denied)) || !build) return;
      await vscode.commands.executeCommand("imageBuilders.rebuildImage", { kind: "build", build } satisfies BuildNode);
    },
  };
  const { kind, name, from } = denied.requestedBy;
  if (from === "workspace") return [review, openSettings(kind === "setting" ? name : "imageBuilders")];
  if (from !== "file" || !build) return [review];
  const file = vscode.Uri.file(build.answers.spec ?? build.answers.dockerfile);
  return [review, { title: openWords(file), act: () => vscode.window.showTextDocument(file) }];
}

/** Opens the settings that a search finds. */
export function openSettings(query: string): Button {
  return {
    title: vscode.l10n.t("Open Settings"),
    act: () => vscode.commands.executeCommand("workbench.action.openSettings", query),
  };
}

/** Returns the title of a button that opens a file, by what the file is. */
export function openWords(file: vscode.Uri): string {
  if (isIgnoreFile(file)) return vscode.l10n.t("Open Ignore File");
  if (isSpecFile(file)) return vscode.l10n.t("Open Image Spec");
  return isDockerfile(file) ? vscode.l10n.t("Open Dockerfile") : vscode.l10n.t("Open File");
}
