import { parseSecretReference } from "../../../core/credentials/secretReference";
import type { SecretStore } from "../../../core/credentials/secretStore";
import type { ConfigurationDraft } from "./askConfiguration";
import type { Secrets } from "../../platform/secrets";

/** Configuration with references to secrets, and the function that stores the secrets. */
export interface SecretPlan {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly store: () => Promise<void>;
  /** Secret store as it will be once the secrets are stored. */
  readonly preview: SecretStore;
}

/**
 * Plans where to store the entered secrets: in a secret named after their owner, or with a number appended if that one
 * has the same keys from another owner. Nothing is stored until `store` is called.
 *
 * @param owner name of the component or connector
 * @param before current configuration, whose secrets are replaced
 */
export async function planSecrets(
  secrets: Secrets,
  owner: string,
  { configuration, secrets: values }: ConfigurationDraft,
  before: Readonly<Record<string, unknown>> = {},
): Promise<SecretPlan> {
  const keys = Object.keys(values);
  if (keys.length === 0) return { configuration, store: async () => undefined, preview: secrets };
  const stem = owner.replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  for (let i = 1, name = stem; ; name = `${stem}-${++i}`) {
    const stored = (await secrets.readSecret(name)) ?? {};
    const isOwn = (key: string): boolean => parseSecretReference(before[key])?.name === name;
    if (keys.some((key) => key in stored && !isOwn(key))) continue;
    const references = Object.fromEntries(keys.map((key) => [key, `{{${name}.${key}}}`]));
    const planned = { ...stored, ...values };
    const preview: SecretStore = { readSecret: async (each) => (each === name ? planned : secrets.readSecret(each)) };
    return { configuration: { ...configuration, ...references }, store: () => secrets.save(name, planned), preview };
  }
}
