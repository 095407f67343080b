import type { Component } from "../base/component";
import { checkConfiguration } from "../config/checkConfiguration";
import type { ConnectableFlavor } from "./connectorRequirements";

/**
 * Returns the resource in a component's configuration; undefined if its flavor declares no field for it, or the field
 * is not set.
 *
 * @throws ImageBuilderError `configurationInvalid`
 */
export function resourceIdOf(component: Component, flavor: ConnectableFlavor): string | undefined {
  const field = flavor.serviceConnectorRequirements?.resourceIdAttribute;
  if (field === undefined) return undefined;
  const value = (checkConfiguration(flavor, component) as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : undefined;
}
