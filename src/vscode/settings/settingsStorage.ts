import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { ComponentStorage } from "../../core/components/componentStorage";
import type { Memory } from "../platform/memory";
import { componentSettings, removeComponent, saveComponent } from "./componentSettings";

/**
 * Keeps components in the settings, and which of them are active in this workspace's memory: that is a person's choice
 * and not the team's.
 */
export class SettingsStorage implements ComponentStorage {
  /** @param target where new components go */
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
