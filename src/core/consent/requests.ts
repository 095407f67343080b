import type { Component } from "../base/component";
import { parseSecretReference } from "../credentials/secretReference";
import type { Requester, Source, SourceRequest } from "../base/sourceConsent";

/** Names a component as what asks for a source. */
export function requesterOf({ type, name, from }: Component): Requester {
  return { kind: type === "image_builder" ? "builder" : "registry", name, ...(from && { from }) };
}

/** Lists the secrets that the values of a configuration refer to, each with the keys that are read of it. */
export function secretsIn(configuration: Readonly<Record<string, unknown>>): Extract<Source, { kind: "secret" }>[] {
  const keys = new Map<string, Set<string>>();
  for (const value of Object.values(configuration)) {
    const reference = parseSecretReference(value);
    if (reference) keys.set(reference.name, (keys.get(reference.name) ?? new Set()).add(reference.key));
  }
  return [...keys].map(([name, names]) => ({ kind: "secret", name, keys: [...names].sort() }));
}

/** The use of a stored login that a component names for a registry. */
export function loginRequest(component: Component, secret: string, host: string): SourceRequest {
  return {
    source: { kind: "secret", name: secret, keys: ["password", "username"] },
    destination: { kind: "host", host },
    requestedBy: requesterOf(component),
  };
}
