import * as vscode from "vscode";
import { mayChangeWorkspaceSettings } from "../../settings/writableTarget";
import { back } from "../../ui/back";
import { counted, type Step } from "../../ui/flow";
import { pick } from "../../ui/quickInput";

/** Draft with the settings that something new is kept in. */
interface TargetDraft {
  readonly target?: vscode.ConfigurationTarget;
}

/**
 * Asks in which settings to keep something new, unless only the user's can be changed: no folder is open, or it is not
 * trusted.
 */
export function askTarget<Draft extends TargetDraft>(title: string): Step<Draft> {
  return counted<Draft>(askTargetOf(title), isAsked);
}

function isAsked({ target }: TargetDraft): boolean {
  return target === undefined && vscode.workspace.workspaceFolders !== undefined && mayChangeWorkspaceSettings();
}

const askTargetOf =
  <Draft extends TargetDraft>(title: string): Step<Draft> =>
  async (draft, place) => {
    if (!isAsked(draft)) return { draft, asked: false };
    const target = await pick({
      ...place,
      title,
      placeholder: vscode.l10n.t("Save to"),
      choices: [
        {
          label: vscode.l10n.t("User Settings"),
          detail: vscode.l10n.t("Available in all your workspaces"),
          iconPath: new vscode.ThemeIcon("account"),
          value: vscode.ConfigurationTarget.Global,
        },
        {
          label: vscode.l10n.t("Workspace Settings"),
          detail: vscode.l10n.t("Shared with everyone using this workspace; passwords stay on your machine"),
          iconPath: new vscode.ThemeIcon("root-folder"),
          value: vscode.ConfigurationTarget.Workspace,
        },
      ],
    });
    return target === undefined || target === back ? target : { draft: { ...draft, target }, asked: true };
  };
