import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import type { Origin } from "../../core/base/sourceConsent";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { ImageBuilderError } from "../../core/base/errors";
import { entryInWords, entryOf, oddKeys, toComponent, toConnector } from "./entries";
import { listScopes, removeEntry, saveEntry, scopeOf, type ListKey } from "./settingsList";

/** Settings that contain the components, by type. */
export const listKeys = { image_builder: "builders", container_registry: "registries" } as const satisfies Record<
  ComponentType,
  ListKey
>;

/** Components of one type in the settings, and the problems of invalid entries. */
export interface ComponentSettings {
  readonly components: readonly Component[];
  readonly problems: readonly string[];
}

/** Connectors in the settings, and the problems of invalid entries. */
export interface ConnectorSettings {
  readonly connectors: readonly ConnectorRecord[];
  readonly problems: readonly string[];
}

/**
 * Returns the components of a type, merged by name from workspace and user settings. The workspace's take precedence
 * and come first.
 */
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

/**
 * Returns the service connectors, merged by name from workspace and user settings. The workspace's take precedence and
 * come first.
 */
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

/**
 * Finds a component by name.
 *
 * @throws ImageBuilderError `configurationInvalid` if the settings have no component of this name
 */
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

/** Returns the settings that contain a component; the user's if there is none of this name. */
export function targetOf({ type, name }: Pick<Component, "type" | "name">): vscode.ConfigurationTarget {
  return scopeOf(listKeys[type], name)?.target ?? vscode.ConfigurationTarget.Global;
}

/**
 * Writes a component to the settings that contain it, otherwise to `target`.
 *
 * @param replaces previous name of the component
 */
export async function saveComponent(
  component: Component,
  target: vscode.ConfigurationTarget,
  replaces?: string,
): Promise<void> {
  await saveEntry(listKeys[component.type], entryOf(component), target, replaces);
}

/**
 * Removes a component from the settings. A user's component with the same name, which it has hidden, then applies
 * again.
 */
export async function removeComponent(type: ComponentType, name: string): Promise<void> {
  await removeEntry(listKeys[type], name);
}

/** Writes a connector to the settings that contain it, otherwise to `target`. */
export async function saveConnector(
  connector: ConnectorRecord,
  target: vscode.ConfigurationTarget,
  replaces?: string,
): Promise<void> {
  await saveEntry("connectors", { ...connector, from: undefined }, target, replaces);
}

/** Removes a connector from the settings. */
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
      // An entry that the workspace repeats unchanged from the user settings counts as the user's.
      const isShared = target !== vscode.ConfigurationTarget.Global && !own.has(JSON.stringify(entry));
      if (!item) rest.push(entry);
      else if (!read.has(item.name)) read.set(item.name, isShared ? { ...item, from: "workspace" } : item);
    }
  }
  return { read: [...read.values()], rest, odd };
}
