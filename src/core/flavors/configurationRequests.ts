import type { Component } from "../base/component";
import { parseSecretReference } from "../credentials/secretReference";
import { keptAddress } from "../clouds/keptAddress";
import { isWithoutTls, registryHost } from "../base/imageReference";
import { isBuiltinFlavor } from "./builtinFlavors";
import { fieldsOf, isMarked } from "../config/configFields";
import { isLoopbackHost } from "../http/proxy";
import type { Flavor } from "../contracts/flavor";
import { requesterOf, secretsIn } from "../consent/requests";
import type { Destination, SourceRequest } from "../base/sourceConsent";

/** Fields of every registry, which contain no place other than the registry's own address. */
const registryFields = new Set(["uri", "authenticationSecret", "defaultRepository", "insecure"]);

/**
 * Lists what has to be confirmed before a component is made: the place that a flavor of somebody else's gets builds
 * sent to, which only that flavor knows, the secrets that its configuration refers to, and a connection to its registry
 * that others could read or change.
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
  const insecure = insecureRequests(component);
  return namesPlaces(component)
    ? [{ source: { kind: "builds" }, destination: whole, requestedBy }, ...secrets, ...insecure]
    : [...secrets, ...insecure];
}

/** A registry on this machine is reached without TLS in any case. Any value but `false` may be meant as "on". */
function insecureRequests(component: Component): SourceRequest[] {
  const destination = registryDestination(component);
  if (destination?.kind !== "host" || isLoopbackHost(destination.host)) return [];
  const { uri, insecure } = component.configuration;
  const isOn = insecure !== undefined && insecure !== null && insecure !== false && insecure !== "false";
  if (!isOn && !isWithoutTls(String(uri))) return [];
  return [{ source: { kind: "insecureConnection" }, destination, requestedBy: requesterOf(component) }];
}

function namesPlaces({ type, flavor, configuration }: Component): boolean {
  if (isBuiltinFlavor(type, flavor)) return false;
  return Object.keys(configuration).some((field) => type === "image_builder" || !registryFields.has(field));
}

function registryDestination({ type, flavor, configuration }: Component): Destination | undefined {
  const host =
    type === "container_registry" && typeof configuration["uri"] === "string"
      ? hostOf(flavor, configuration["uri"])
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

function hostOf(flavor: string, uri: string): string | undefined {
  try {
    return registryHost(keptAddress(flavor, uri));
  } catch {
    return undefined; // The flavor's schema reports the problem.
  }
}
