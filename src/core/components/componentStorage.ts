import type { Component, ComponentType } from "../base/component";

/** Storage of components, which VS Code's settings implement. Names are unique within a type. */
export interface ComponentStorage {
  /** Whether other people get the stored components, as with workspace settings. */
  readonly isShared: boolean;
  list(type: ComponentType): Promise<readonly Component[]>;
  /** @param replaces previous name of the component, if it had one */
  save(component: Component, replaces?: string): Promise<void>;
  remove(type: ComponentType, name: string): Promise<void>;
  /** Returns the name of the active component of each folder, by folder. */
  activeNames(type: ComponentType): Promise<Readonly<Record<string, string>>>;
  /** @param name name of the component; undefined if the folder should have no active one */
  setActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void>;
}
