import type { Component, ComponentType } from "../../core/base/component";
import type { ConnectorRecord } from "../../core/clouds/connectorType";
import { isRecord } from "../../core/base/isRecord";
import type { ListEntry } from "./settingsList";

/**
 * Converts an entry of the settings to a component; returns undefined without a name or flavor, or with an invalid
 * configuration. Other values of the wrong type are ignored.
 */
export function toComponent(type: ComponentType, entry: unknown): Component | undefined {
  if (!isRecord(entry) || !isRecord(entry["configuration"] ?? {})) return undefined;
  const [name, flavor] = [text(entry["name"]), text(entry["flavor"])];
  if (name === undefined || flavor === undefined) return undefined;
  return defined({
    name,
    type,
    flavor,
    configuration: record(entry["configuration"]) ?? {},
    id: text(entry["id"]),
    labels: labels(entry["labels"]),
    created: text(entry["created"]),
    updated: text(entry["updated"]),
    connector: text(entry["connector"]),
    connectorResourceId: text(entry["connectorResourceId"]),
  });
}

/** Converts a component to an entry of the settings. Missing properties are undefined, so that they are removed. */
export function entryOf({
  name,
  flavor,
  configuration,
  id,
  labels: itsLabels,
  created,
  updated,
  connector,
  connectorResourceId,
}: Component): ListEntry {
  return { name, flavor, configuration, id, labels: itsLabels, created, updated, connector, connectorResourceId };
}

/** Returns the keys of an entry that are unknown, or were ignored because their values have the wrong type. */
export function oddKeys(entry: unknown, read: object): string[] {
  const values: Readonly<Record<string, unknown>> = { ...read };
  return isRecord(entry)
    ? Object.keys(entry).filter((key) => JSON.stringify(entry[key]) !== JSON.stringify(values[key]))
    : [];
}

/** Describes an invalid entry so that it can be recognized, without its configuration, which may contain a secret. */
export function entryInWords(entry: unknown): string {
  return isRecord(entry)
    ? JSON.stringify({ ...entry, configuration: undefined })
    : typeof entry === "object" && entry !== null
      ? "[…]"
      : JSON.stringify(entry);
}

/**
 * Converts an entry of the settings to a connector; returns undefined without a name, type, or authentication method,
 * or with an invalid configuration.
 */
export function toConnector(entry: unknown): ConnectorRecord | undefined {
  if (!isRecord(entry) || !isRecord(entry["configuration"] ?? {})) return undefined;
  const [name, type, authMethod] = [text(entry["name"]), text(entry["type"]), text(entry["authMethod"])];
  if (name === undefined || type === undefined || authMethod === undefined) return undefined;
  const skew = entry["expirySkewSeconds"];
  return defined({
    name,
    id: text(entry["id"]),
    type,
    authMethod,
    configuration: record(entry["configuration"]) ?? {},
    resourceId: text(entry["resourceId"]),
    expiresAt: text(entry["expiresAt"]),
    expirySkewSeconds: typeof skew === "number" && skew >= 0 ? skew : undefined,
    labels: labels(entry["labels"]),
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}

function labels(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((label): label is [string, string] => typeof label[1] === "string"),
  );
}

/** Removes undefined properties, so that comparisons and JSON have the same result. */
function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
