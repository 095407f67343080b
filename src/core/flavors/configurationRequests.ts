import type { Component } from "../base/component";
import { parseSecretReference } from "../credentials/secretReference";
import { registryHost } from "../base/imageReference";
import { isBuiltinFlavor } from "./builtinFlavors";
import { fieldsOf, isMarked } from "../config/configFields";
import type { Flavor } from "../contracts/flavor";
import { requesterOf, secretsIn } from "../consent/requests";
import type { Destination, SourceRequest } from "../base/sourceConsent";

/** Fields of every registry, which contain no place other than the registry's own address. */
const registryFields = new Set(["uri", "authenticationSecret", "defaultRepository"]);

/**
 * Lists the confirmations that are required before a component is created: for the place to which a contributed flavor
 * sends builds, which only that flavor knows, and for the secrets in the configuration.
 */
export function configurationRequests(component: Component, flavor: Flavor): SourceRequest[] {
  const requestedBy = requesterOf(component);
  const whole = flavorDestination(component, flavor);
  const destination = registryDestination(component) ?? whole;
  const secrets = secretsIn(component.configuration).map((source): SourceRequest => ({
    source,
    destination,
    requestedBy,
  }));
  return namesPlaces(component)
    ? [{ source: { kind: "builds" }, destination: whole, requestedBy }, ...secrets]
    : secrets;
}

function namesPlaces({ type, flavor, configuration }: Component): boolean {
  if (isBuiltinFlavor(type, flavor)) return false;
  return Object.keys(configuration).some((field) => type === "image_builder" || !registryFields.has(field));
}

function registryDestination({ type, configuration }: Component): Destination | undefined {
  const host =
    type === "container_registry" && typeof configuration["uri"] === "string"
      ? hostOf(configuration["uri"])
      : undefined;
  return host === undefined ? undefined : { kind: "host", host };
}

/** Describes a flavor's configuration as a destination; secrets in plain text are neither shown nor stored. */
export function flavorDestination(
  { configuration }: Component,
  { name, configSchema }: Flavor,
): Extract<Destination, { kind: "flavor" }> {
  const fields = fieldsOf(configSchema) ?? {};
  const isSecret = (field: string): boolean => {
    const schema = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return schema !== undefined && isMarked(schema, "sensitive") && !parseSecretReference(configuration[field]);
  };
  const shown = Object.fromEntries(
    Object.entries(configuration).map(([field, value]) => [field, isSecret(field) ? "***" : value]),
  );
  return {
    kind: "flavor",
    flavor: name,
    configuration: JSON.stringify(shown),
    addresses: [...new Set(addressesIn(shown))].sort(),
  };
}

/** Finds the addresses in a configuration by their form, since only the flavor knows the meaning of its fields. */
function addressesIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(addressesIn);
  return typeof value === "string" && isAddress(value) ? [value] : [];
}

function isAddress(text: string): boolean {
  if (URL.canParse(text) && text.includes("://")) return true;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*:\d{1,5}$/i.test(text.slice(0, 300));
}

function hostOf(uri: string): string | undefined {
  try {
    return registryHost(uri);
  } catch {
    return undefined; // The flavor's schema reports the problem.
  }
}
