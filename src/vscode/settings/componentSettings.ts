import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { Origin } from "../../core/base/sourceConsent";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { ImageBuilderError } from "../../core/base/errors";
import { entryInWords, entryOf, oddKeys, toComponent, toConnector } from "./entries";
import { listScopes, removeEntry, saveEntry, scopeOf, type ListKey } from "./settingsList";

/** The setting that the components of a type stand in. */
export const listKeys = { image_builder: "builders", container_registry: "registries" } as const satisfies Record<
  ComponentType,
  ListKey
>;

/** The components of one type as the settings have them, and what is wrong with entries that are none. */
export interface ComponentSettings {
  readonly components: readonly Component[];
  readonly problems: readonly string[];
}

/** The connectors as the settings have them, and what is wrong with entries that are none. */
export interface ConnectorSettings {
  readonly connectors: readonly ConnectorRecord[];
  readonly problems: readonly string[];
}

/** The components of a type: those of the workspace and those of the user together, by name, the workspace's first. */
export function componentSettings(type: ComponentType): ComponentSettings {
  const key = listKeys[type];
  const { read, rest, odd } = readList(key, (entry) => toComponent(type, entry));
  return {
    components: read,
    problems: [
      ...odd,
      ...rest.map((entry) =>
        vscode.l10n.t(
          'An entry in "{0}" has no name or no flavor ({1}). Fix it in Settings.',
          `imageBuilders.${key}`,
          entryInWords(entry),
        ),
      ),
    ],
  };
}

/** The service connectors: those of the workspace and those of the user together, by name, the workspace's first. */
export function connectorSettings(): ConnectorSettings {
  const { read, rest, odd } = readList("connectors", toConnector);
  return {
    connectors: read,
    problems: [...odd, ...rest.map(incompleteConnector)],
  };
}

function incompleteConnector(entry: unknown): string {
  return vscode.l10n.t(
    'An entry in "imageBuilders.connectors" has no name, type, or authentication method ({0}). Fix it in Settings.',
    entryInWords(entry),
  );
}

/** @throws ImageBuilderError `configurationInvalid` when the settings have no component of that name */
export function componentNamed(type: ComponentType, name: string): Component {
  const { components } = componentSettings(type);
  const component = components.find((each) => each.name === name);
  if (component) return component;
  const known = components.map((each) => `"${each.name}"`).join(", ") || vscode.l10n.t("none");
  throw new ImageBuilderError(
    "configurationInvalid",
    vscode.l10n.t(
      '"{0}" has no entry named "{1}". Existing entries: {2}.',
      `imageBuilders.${listKeys[type]}`,
      name,
      known,
    ),
  );
}

/** In which settings a component stands that is there already. */
export function targetOf({ type, name }: Pick<Component, "type" | "name">): vscode.ConfigurationTarget {
  return scopeOf(listKeys[type], name)?.target ?? vscode.ConfigurationTarget.Global;
}

/**
 * Writes a component where one of its name stands, else to `target`.
 *
 * @param replaces the name that it had until now
 */
export async function saveComponent(
  component: Component,
  target: vscode.ConfigurationTarget,
  replaces?: string,
): Promise<void> {
  await saveEntry(listKeys[component.type], entryOf(component), target, replaces);
}

/** Takes a component out of the settings; one of its name that it has hidden in the user's settings counts again. */
export async function removeComponent(type: ComponentType, name: string): Promise<void> {
  await removeEntry(listKeys[type], name);
}

/** Writes a connector where one of its name stands, else to `target`. */
export async function saveConnector(
  connector: ConnectorRecord,
  target: vscode.ConfigurationTarget,
  replaces?: string,
): Promise<void> {
  await saveEntry("connectors", { ...connector, from: undefined }, target, replaces);
}

/** Takes a connector out of the settings. */
export async function removeConnector(name: string): Promise<void> {
  await removeEntry("connectors", name);
}

function readList<Item extends { readonly name: string; readonly from?: Origin }>(
  key: ListKey,
  toItem: (entry: unknown) => Item | undefined,
): { readonly read: Item[]; readonly rest: unknown[]; readonly odd: string[] } {
  const read = new Map<string, Item>();
  const rest: unknown[] = [];
  const odd: string[] = [];
  const scopes = listScopes(key);
  const own = new Set(
    scopes
      .filter(({ target }) => target === vscode.ConfigurationTarget.Global)
      .flatMap(({ entries }) => entries.map((entry) => JSON.stringify(entry))),
  );
  for (const { target, entries } of scopes) {
    for (const entry of entries) {
      const item = toItem(entry);
      const keys = item ? oddKeys(entry, item) : [];
      if (keys.length > 0)
        odd.push(
          vscode.l10n.t(
            'The entry "{0}" in "{1}" has unknown keys or values of the wrong type ({2}). Fix it in Settings.',
            item?.name ?? "",
            `imageBuilders.${key}`,
            keys.join(", "),
          ),
        );
      // What a workspace repeats of the user's is the user's.
      const isShared = target !== vscode.ConfigurationTarget.Global && !own.has(JSON.stringify(entry));
      if (!item) rest.push(entry);
      else if (!read.has(item.name)) read.set(item.name, isShared ? { ...item, from: "workspace" } : item);
    }
  }
  return { read: [...read.values()], rest, odd };
}
