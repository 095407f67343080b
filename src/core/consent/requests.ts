import type { Component } from "../base/component";
import { parseSecretReference } from "../credentials/secretReference";
import type { Requester, Source, SourceRequest } from "../base/sourceConsent";

/** Returns the requester for a component. */
export function requesterOf({ type, name, from }: Component): Requester {
  return { kind: type === "image_builder" ? "builder" : "registry", name, ...(from && { from }) };
}

/** Returns the secrets that a configuration refers to, each with its keys that are read. */
export function secretsIn(configuration: Readonly<Record<string, unknown>>): Extract<Source, { kind: "secret" }>[] {
  const keys = new Map<string, Set<string>>();
  for (const value of Object.values(configuration)) {
    const reference = parseSecretReference(value);
    if (reference) keys.set(reference.name, (keys.get(reference.name) ?? new Set()).add(reference.key));
  }
  return [...keys].map(([name, names]) => ({ kind: "secret", name, keys: [...names].sort() }));
}

/** Returns the request to send the stored login of a component to a registry. */
export function loginRequest(component: Component, secret: string, host: string): SourceRequest {
  return {
    source: { kind: "secret", name: secret, keys: ["password", "username"] },
    destination: { kind: "host", host },
    requestedBy: requesterOf(component),
  };
}
