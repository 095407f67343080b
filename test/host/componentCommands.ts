import * as vscode from "vscode";
import type { Component, ComponentRegistration, ComponentType } from "../../src/api/api";

/** The type of the components that tests register. */
export const type: ComponentType = "container_registry";

/** A filter for that type. */
export const ofType = { type } as const;

/** The extension's settings. */
export const section = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("imageBuilders");

/** The components in the settings. */
export const stored = (key = "registries"): Component[] => section().get<Component[]>(key) ?? [];

/** Runs a command as another extension does. */
export function run<Argument>(command: string, argument: Argument): Promise<Component> {
  return Promise.resolve(vscode.commands.executeCommand<Component>(`imageBuilders.${command}`, argument));
}

/** Registers a component of that type. */
export const register = (name: string, more: Partial<ComponentRegistration> = {}): Promise<Component> =>
  run<ComponentRegistration>("registerContainerRegistry", {
    name,
    flavor: "default",
    configuration: { uri: "registry.example/team" },
    ...more,
  });
