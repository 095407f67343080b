import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { ComponentStorage } from "../../core/components/componentStorage";
import type { Memory } from "../platform/memory";
import { componentSettings, removeComponent, saveComponent } from "./componentSettings";

/**
 * Stores components in the settings, and active components in the memory of the workspace, because they are a person's
 * choice and not the team's.
 */
export class SettingsStorage implements ComponentStorage {
  /** @param target settings that new components are written to */
  constructor(
    private readonly target: vscode.ConfigurationTarget,
    private readonly memory: Memory,
  ) {}

  get isShared(): boolean {
    return this.target !== vscode.ConfigurationTarget.Global;
  }

  async list(type: ComponentType): Promise<readonly Component[]> {
    return componentSettings(type).components;
  }

  async save(component: Component, replaces?: string): Promise<void> {
    await saveComponent(component, this.target, replaces);
  }

  async remove(type: ComponentType, name: string): Promise<void> {
    await removeComponent(type, name);
  }

  async activeNames(type: ComponentType): Promise<Readonly<Record<string, string>>> {
    return this.memory.activeNames(type);
  }

  async setActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void> {
    await this.memory.keepActiveName(type, folder, name);
  }
}
