import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { Memory } from "../platform/memory";
import { componentSettings } from "./componentSettings";

/**
 * Returns the workspace folder that contains a folder; active components are remembered by it. Without an argument,
 * returns the first workspace folder.
 */
export function activeFolder(folder?: string): string | undefined {
  const { workspaceFolders } = vscode.workspace;
  const found =
    folder === undefined ? workspaceFolders?.[0] : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  return found?.uri.fsPath;
}

/**
 * Returns the active component of the workspace folder that contains `folder`; undefined if none was selected or it no
 * longer exists.
 */
export function activeComponent(memory: Memory, type: ComponentType, folder?: string): Component | undefined {
  const place = activeFolder(folder);
  const name = place === undefined ? undefined : memory.activeNames(type)[place];
  return componentSettings(type).components.find((component) => component.name === name);
}
