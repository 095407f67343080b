/** Values of a secret, by key. */
export type SecretValues = Readonly<Record<string, string>>;

/** Key of a secret that contains a single text. */
export const onlyKey = "value";

/** Secrets that are stored on this machine, by name; VS Code's secret storage fits. */
export interface SecretStore {
  /** @returns undefined if no secret has that name */
  readSecret(name: string): Promise<SecretValues | undefined>;
}

/** One value of a stored secret, with the name and key under which it is stored. */
export interface FoundSecret {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/**
 * Finds one value of a stored secret; returns undefined if there is none.
 *
 * @param secret name of a secret, which means its `value` key or its only key, or `name.key`
 */
export async function findSecretValue(secret: string, secrets: SecretStore): Promise<FoundSecret | undefined> {
  const values = await secrets.readSecret(secret);
  if (values) return foundIn(secret, values, Object.hasOwn(values, onlyKey) ? onlyKey : onlyKeyOf(values));
  const dot = secret.indexOf(".");
  if (dot < 0) return undefined;
  const name = secret.slice(0, dot);
  return foundIn(name, (await secrets.readSecret(name)) ?? {}, secret.slice(dot + 1));
}

function foundIn(name: string, values: SecretValues, key: string | undefined): FoundSecret | undefined {
  const value = key !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
  return key === undefined || value === undefined ? undefined : { name, key, value };
}

function onlyKeyOf(values: SecretValues): string | undefined {
  const [key, ...more] = Object.keys(values);
  return more.length === 0 ? key : undefined;
}
