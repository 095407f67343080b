import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { Memory } from "../platform/memory";
import { componentSettings } from "./componentSettings";

/**
 * The workspace's folder that a folder is in, by which the active components are remembered; without one the only or
 * first of the workspace.
 */
export function activeFolder(folder?: string): string | undefined {
  const { workspaceFolders } = vscode.workspace;
  const found =
    folder === undefined ? workspaceFolders?.[0] : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  return found?.uri.fsPath;
}

/** The active component of the workspace's folder that `folder` is in; nothing where none was chosen or it is gone. */
export function activeComponent(memory: Memory, type: ComponentType, folder?: string): Component | undefined {
  const place = activeFolder(folder);
  const name = place === undefined ? undefined : memory.activeNames(type)[place];
  return componentSettings(type).components.find((component) => component.name === name);
}
