import type { Component } from "../../../core/base/component";
import { parseSecretReference } from "../../../core/credentials/secretReference";
import { secretUsers } from "../../secrets/secretUsers";

/** Returns the stored secrets that only this component or connector uses. */
export function ownSecrets({ configuration }: Pick<Component, "configuration">): string[] {
  const used = Object.entries(configuration).flatMap(([field, value]) =>
    field === "authenticationSecret" ? String(value) : (parseSecretReference(value)?.name ?? []),
  );
  return [...new Set(used)].filter((name) => secretUsers().filter(({ secret }) => secret === name).length === 1);
}
