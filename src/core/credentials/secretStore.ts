/** What a secret holds, by key. */
export type SecretValues = Readonly<Record<string, string>>;

/** The key of a secret that holds one text only. */
export const onlyKey = "value";

/** Secrets that are stored on this machine, by name; VS Code's secret storage fits. */
export interface SecretStore {
  /** @returns nothing when no secret has that name */
  readSecret(name: string): Promise<SecretValues | undefined>;
}

/**
 * One value of a stored secret.
 *
 * @param secret its name, whose only or whose `value` key is meant, or `name.key`
 */
export async function readSecretValue(secret: string, secrets: SecretStore): Promise<string | undefined> {
  const values = await secrets.readSecret(secret);
  if (values) return Object.hasOwn(values, onlyKey) ? values[onlyKey] : onlyValueOf(values);
  const dot = secret.indexOf(".");
  const key = secret.slice(dot + 1);
  const parts = dot < 0 ? undefined : await secrets.readSecret(secret.slice(0, dot));
  return parts && Object.hasOwn(parts, key) ? parts[key] : undefined;
}

function onlyValueOf(values: SecretValues): string | undefined {
  const all = Object.values(values);
  return all.length === 1 ? all[0] : undefined;
}
