import { randomUUID } from "node:crypto";
import type { ConnectorSource } from "../connectors/connectorSource";
import { ImageBuilderError } from "../base/errors";
import { checkConfiguration } from "../config/checkConfiguration";
import { typeWords } from "../contracts/checkFlavor";
import type { FlavorRegistry } from "../flavors/flavorRegistry";
import type { Log } from "../base/log";
import type { Component, ComponentType } from "../base/component";
import type { ComponentStorage } from "./componentStorage";
import { connectedComponent, type ConnectRequest } from "./connectComponent";
import { findComponent, fitsFilter, type ComponentFilter } from "./findComponent";
import { localityWarning } from "./localityWarning";

/** Dependencies of a store. */
export interface ComponentStoreParts {
  readonly storage: ComponentStorage;
  readonly flavors: FlavorRegistry;
  readonly connectors: ConnectorSource;
  /** Receives warnings about secrets in plain text, and about addresses that other people can't use. */
  readonly log: Log;
}

/** Values of a new component. */
export interface Registration extends Pick<Component, "name" | "type" | "flavor" | "configuration" | "labels"> {
  readonly connect?: ConnectRequest;
}

/** Changes to a component; fields and labels that are null are removed. */
export interface ComponentChange {
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string | null>>;
}

/**
 * Registers and changes components: ZenML's operations on image builders and container registries. No operation loads
 * an implementation.
 */
export class ComponentStore {
  constructor(private readonly parts: ComponentStoreParts) {}

  async list(type: ComponentType, filter: ComponentFilter = {}): Promise<Component[]> {
    return (await this.parts.storage.list(type)).filter((component) => fitsFilter(component, filter));
  }

  /**
   * Returns a component by its name, its ID, or the beginning of either. @throws ImageBuilderError `componentUnknown`
   */
  async describe(type: ComponentType, wanted: string): Promise<Component> {
    return findComponent(type, await this.parts.storage.list(type), wanted, { byNamePrefix: true });
  }

  /**
   * Stores a new component, with its configuration unchanged.
   *
   * @throws ImageBuilderError `flavorUnknown`, `configurationInvalid`, `componentExists`, `connectorUnknown`; errors of
   * `connect`, after the component is stored
   */
  async register({ name, type, flavor, configuration, labels, connect }: Registration): Promise<Component> {
    if (connect) await this.parts.connectors.get(connect.connector);
    const now = new Date().toISOString();
    const component: Component = {
      name,
      type,
      flavor,
      configuration,
      id: randomUUID(),
      created: now,
      updated: now,
      ...(labels && { labels }),
    };
    this.#check(component);
    await this.#checkNameIsFree(type, name);
    await this.parts.storage.save(component);
    return connect ? this.connect(type, name, connect) : component;
  }

  /**
   * Changes fields and labels; all others are kept, and so is the connector.
   *
   * @throws ImageBuilderError `componentUnknown`, or `configurationInvalid` for the resulting configuration
   */
  async update(
    type: ComponentType,
    wanted: string,
    { configuration = {}, labels = {} }: ComponentChange,
  ): Promise<Component> {
    const component = await this.#find(type, wanted);
    const merged: Component = {
      ...component,
      configuration: withoutNull({ ...component.configuration, ...configuration }),
    };
    const named = withoutNull<string>({ ...component.labels, ...labels });
    this.#check(merged);
    return this.#save(
      { ...merged, ...(component.labels || Object.keys(named).length > 0 ? { labels: named } : {}) },
      component.name,
    );
  }

  /** @throws ImageBuilderError `configurationInvalid` when a field is needed, or when one isn't there */
  async removeAttributes(
    type: ComponentType,
    wanted: string,
    fields: readonly string[],
    labels: readonly string[] = [],
  ): Promise<Component> {
    checkPresent(await this.#find(type, wanted), fields, labels);
    const nulls = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
    return this.update(type, wanted, { configuration: nulls(fields), labels: nulls(labels) });
  }

  /**
   * Renames a component, also where it is active; its current name is accepted. @throws ImageBuilderError
   * `componentUnknown`, `componentExists`
   */
  async rename(type: ComponentType, wanted: string, name: string): Promise<Component> {
    const component = await this.#find(type, wanted);
    if (component.name === name) return component;
    await this.#checkNameIsFree(type, name);
    this.#check({ ...component, name });
    const renamed = await this.#save({ ...component, name }, component.name);
    for (const folder of await this.#foldersOf(component)) await this.parts.storage.setActiveName(type, folder, name);
    return renamed;
  }

  /** Creates a component with the same flavor, configuration, and labels; the connector is not copied. */
  async copy(type: ComponentType, wanted: string, name: string): Promise<Component> {
    const { flavor, configuration, labels } = await this.#find(type, wanted);
    return this.register({ name, type, flavor, configuration, labels });
  }

  /**
   * Deletes a component. @throws ImageBuilderError `componentUnknown`, or `componentInUse` if it is active in a folder
   */
  async delete(type: ComponentType, wanted: string): Promise<Component> {
    const component = await this.#find(type, wanted);
    const folders = await this.#foldersOf(component);
    if (folders.length > 0) {
      const count = folders.length === 1 ? "1 folder" : `${folders.length} folders`;
      throw new ImageBuilderError(
        "componentInUse",
        `The ${typeWords[type]} "${component.name}" is active in ${count}. Set another one as active there first.`,
      );
    }
    await this.parts.storage.remove(type, component.name);
    return component;
  }

  /** Returns the active component of a folder; undefined if none was chosen or it no longer exists. */
  async active(type: ComponentType, folder: string): Promise<Component | undefined> {
    const name = (await this.parts.storage.activeNames(type))[folder];
    return (await this.parts.storage.list(type)).find((component) => component.name === name);
  }

  /** @param wanted name or ID of the component; undefined if the folder should have no active one */
  async setActive(type: ComponentType, folder: string, wanted: string | undefined): Promise<void> {
    await this.parts.storage.setActiveName(
      type,
      folder,
      wanted === undefined ? undefined : (await this.#find(type, wanted)).name,
    );
  }

  /**
   * Links a service connector, after verifying it unless `verify` is false; on failure, the component is unchanged.
   *
   * @throws ImageBuilderError `connectorUnknown`, `connectorInvalid` with the reason, `connectorFailed`,
   * `connectorExpired`
   */
  async connect(type: ComponentType, wanted: string, question: ConnectRequest): Promise<Component> {
    const component = await this.#find(type, wanted);
    const flavor = this.parts.flavors.get(type, component.flavor);
    return this.#save(await connectedComponent(component, flavor, this.parts.connectors, question), component.name);
  }

  async disconnect(type: ComponentType, wanted: string): Promise<Component> {
    const component = await this.#find(type, wanted);
    return this.#save({ ...component, connector: undefined, connectorResourceId: undefined }, component.name);
  }

  async #find(type: ComponentType, wanted: string): Promise<Component> {
    return findComponent(type, await this.parts.storage.list(type), wanted);
  }

  #check(component: Component): void {
    if (component.name.trim() === "")
      throw new ImageBuilderError("configurationInvalid", `The ${typeWords[component.type]} needs a name.`);
    const flavor = this.parts.flavors.get(component.type, component.flavor);
    const config = checkConfiguration(flavor, component, (message) => this.parts.log.warn(message));
    const warning = localityWarning(component, config, this.parts.storage.isShared);
    if (warning) this.parts.log.warn(warning);
  }

  async #checkNameIsFree(type: ComponentType, name: string): Promise<void> {
    if ((await this.parts.storage.list(type)).some((each) => each.name === name)) {
      throw new ImageBuilderError(
        "componentExists",
        `The ${typeWords[type]} name "${name}" is already in use. Choose another name.`,
      );
    }
  }

  async #save(component: Component, replaces: string): Promise<Component> {
    const saved: Component = { ...component, updated: new Date().toISOString() };
    await this.parts.storage.save(saved, replaces);
    return saved;
  }

  async #foldersOf({ type, name }: Component): Promise<string[]> {
    return Object.entries(await this.parts.storage.activeNames(type)).flatMap(([folder, active]) =>
      active === name ? [folder] : [],
    );
  }
}

/** @throws ImageBuilderError `configurationInvalid` */
function checkPresent(
  { name, configuration, labels = {} }: Component,
  fields: readonly string[],
  wantedLabels: readonly string[],
): void {
  const absentField = fields.find((field) => !Object.hasOwn(configuration, field));
  const absentLabel = wantedLabels.find((label) => !Object.hasOwn(labels, label));
  if (absentField === undefined && absentLabel === undefined) return;
  const what = absentField === undefined ? `label "${absentLabel}"` : `field "${absentField}"`;
  const present = Object.keys(absentField === undefined ? labels : configuration).join(", ") || "none";
  throw new ImageBuilderError(
    "configurationInvalid",
    `"${name}" has no ${what}, so nothing was removed (available: ${present}). Correct the name.`,
  );
}

function withoutNull<Value = unknown>(values: Readonly<Record<string, Value | null>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== null && entry[1] !== undefined),
  );
}
