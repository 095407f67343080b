import { readFileSync, writeFileSync } from "node:fs";
import type { Component, ComponentType } from "../../src/core/base/component";
import type { ComponentStorage } from "../../src/core/components/componentStorage";

interface Content {
  readonly components: Readonly<Partial<Record<ComponentType, readonly Component[]>>>;
  readonly active: Readonly<Partial<Record<ComponentType, Readonly<Record<string, string>>>>>;
}

/** Keeps components in a JSON file, which is read again for each question. */
export class ComponentFile implements ComponentStorage {
  constructor(
    private readonly file: string,
    readonly isShared = false,
  ) {
    this.write({ components: {}, active: {} });
  }

  /** What is in the file. */
  get text(): string {
    return readFileSync(this.file, "utf8");
  }

  async list(type: ComponentType): Promise<readonly Component[]> {
    return this.read().components[type] ?? [];
  }

  async save(component: Component, replaces = component.name): Promise<void> {
    const content = this.read();
    const components = [...(content.components[component.type] ?? [])];
    const at = components.findIndex(({ name }) => name === replaces);
    components.splice(at < 0 ? components.length : at, at < 0 ? 0 : 1, component);
    this.write({ ...content, components: { ...content.components, [component.type]: components } });
  }

  async remove(type: ComponentType, name: string): Promise<void> {
    const content = this.read();
    this.write({
      ...content,
      components: {
        ...content.components,
        [type]: content.components[type]?.filter((component) => component.name !== name),
      },
    });
  }

  async activeNames(type: ComponentType): Promise<Readonly<Record<string, string>>> {
    return this.read().active[type] ?? {};
  }

  async setActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void> {
    const content = this.read();
    this.write({ ...content, active: { ...content.active, [type]: { ...content.active[type], [folder]: name } } });
  }

  private read(): Content {
    return JSON.parse(this.text) as Content;
  }

  private write(content: Content): void {
    writeFileSync(this.file, JSON.stringify(content));
  }
}
