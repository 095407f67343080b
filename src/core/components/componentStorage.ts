import type { Component, ComponentType } from "../base/component";

/** Where components are kept; VS Code's settings are behind it. Names are unique within a type. */
export interface ComponentStorage {
  /** Whether others get what is kept, as with the settings of a workspace. */
  readonly isShared: boolean;
  list(type: ComponentType): Promise<readonly Component[]>;
  /** @param replaces the name that it had until now, if it had one */
  save(component: Component, replaces?: string): Promise<void>;
  remove(type: ComponentType, name: string): Promise<void>;
  /** The name of each folder's active component, by the folder. */
  activeNames(type: ComponentType): Promise<Readonly<Record<string, string>>>;
  /** @param name nothing takes the mark away */
  setActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void>;
}
