import { ImageBuilderError } from "../base/errors";
import type { SecretStore } from "./secretStore";

/** Target of a `{{name.key}}` reference: one value of a stored secret. */
export interface SecretReference {
  readonly name: string;
  readonly key: string;
}

/**
 * Parses a value that as a whole is a reference by ZenML's rule: `{{ a.b.c }}` is the key `b.c` of the secret `a`.
 * Returns undefined for other values.
 */
export function parseSecretReference(value: unknown): SecretReference | undefined {
  if (typeof value !== "string" || value.length < "{{}}".length || !value.startsWith("{{") || !value.endsWith("}}"))
    return undefined;
  const inner = value.slice(2, -2).trim();
  const dot = inner.indexOf(".");
  const [name, key] = [inner.slice(0, Math.max(dot, 0)), inner.slice(dot + 1)];
  return name === "" || key === "" || /\s/.test(inner) ? undefined : { name, key };
}

/** Returns all references in the values of a configuration (ZenML's `required_secrets`). */
export function secretReferencesIn(configuration: Readonly<Record<string, unknown>>): SecretReference[] {
  return Object.values(configuration).flatMap((value) => parseSecretReference(value) ?? []);
}

/**
 * Returns a configuration with each reference replaced by its current value.
 *
 * @param owner owner of the configuration, for messages: `the registry "mine"`
 * @throws ImageBuilderError `secretUnavailable`, naming field, secret, and key, never a value
 */
export async function resolveSecretReferences(
  configuration: Readonly<Record<string, unknown>>,
  secrets: SecretStore | undefined,
  owner: string,
): Promise<Record<string, unknown>> {
  const resolved: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(configuration)) {
    const reference = parseSecretReference(value);
    resolved[field] = reference ? await readReference(reference, secrets, `The field "${field}" of ${owner}`) : value;
  }
  return resolved;
}

async function readReference(
  { name, key }: SecretReference,
  secrets: SecretStore | undefined,
  field: string,
): Promise<string> {
  const values = await secrets?.readSecret(name);
  if (!values) {
    throw new ImageBuilderError(
      "secretUnavailable",
      `${field} refers to the secret "${name}", which is not stored on this machine. ` +
        "Store it, or correct the reference.",
    );
  }
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value !== undefined) return value;
  const known =
    Object.keys(values)
      .map((each) => `"${each}"`)
      .join(", ") || "none";
  throw new ImageBuilderError(
    "secretUnavailable",
    `${field} refers to "${key}" of the secret "${name}", which has no such key (available: ${known}). ` +
      "Correct the reference.",
  );
}
