import { parseSecretReference } from "../../../core/credentials/secretReference";
import type { SecretStore } from "../../../core/credentials/secretStore";
import type { ConfigurationDraft } from "./askConfiguration";
import type { Secrets } from "../../platform/secrets";

/** A configuration that refers to secrets, and what stores them. */
export interface SecretPlan {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly store: () => Promise<void>;
  /** The secrets as they are once they are stored. */
  readonly preview: SecretStore;
}

/**
 * Finds a place for the secrets that were asked for: in the owner's own secret, or in another if that has such keys of
 * somebody else.
 *
 * @param owner the component's or connector's name
 * @param before its configuration until now, whose secrets are replaced
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
