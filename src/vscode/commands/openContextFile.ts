import * as vscode from "vscode";
import type { Services } from "../services";
import { contextTargetOf } from "../views/context/contextTarget";

/** Opens a file of a build context. */
export async function openContextFile(services: Services, target?: unknown, selection?: unknown): Promise<void> {
  const { live, paths: [path] = [] } = contextTargetOf(services, target, selection) ?? {};
  if (live && path !== undefined) await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(live.place.folder, path));
}
