import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";

/** Returns whether the workspace's settings may be changed: in Restricted Mode, their lists are not read. */
export function mayChangeWorkspaceSettings(): boolean {
  return vscode.workspace.isTrusted;
}

/**
 * Returns the settings that a program names.
 *
 * @throws ImageBuilderError `workspaceUntrusted` for those of a workspace in Restricted Mode
 */
export function targetOfScope(scope: "user" | "workspace" | undefined): vscode.ConfigurationTarget {
  const target = scope === "workspace" ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  requireWritable(target);
  return target;
}

/** @throws ImageBuilderError `workspaceUntrusted` for the settings of a workspace in Restricted Mode */
export function requireWritable(target: vscode.ConfigurationTarget): void {
  if (target === vscode.ConfigurationTarget.Global || mayChangeWorkspaceSettings()) return;
  throw new ImageBuilderError(
    "workspaceUntrusted",
    vscode.l10n.t(
      "Workspace settings can't be changed in Restricted Mode. Trust the workspace first, or use your user settings.",
    ),
  );
}
