import type { Component } from "../base/component";
import { checkConfiguration } from "../config/checkConfiguration";
import type { ConnectableFlavor } from "./connectorRequirements";

/**
 * The resource that a component's configuration names, if its flavor says in which field.
 *
 * @throws ImageBuilderError `configurationInvalid`
 */
export function resourceIdOf(component: Component, flavor: ConnectableFlavor): string | undefined {
  const field = flavor.serviceConnectorRequirements?.resourceIdAttribute;
  if (field === undefined) return undefined;
  const value = (checkConfiguration(flavor, component) as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : undefined;
}
