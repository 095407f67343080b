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

/** Place of a secret's value, which need not be stored yet. */
export interface SecretPlace {
  readonly name: string;
  /** Undefined where the secret holds several values, none of which is the one that is meant without a key. */
  readonly key: string | undefined;
  /** Values of the secret; empty if it is not stored. */
  readonly values: SecretValues;
}

/**
 * Finds the place of a value, which need not be stored yet.
 *
 * @param secret its name, whose only or whose `value` key is meant, or `name.key`
 */
export async function placeOfSecret(secret: string, secrets: SecretStore): Promise<SecretPlace> {
  const values = await secrets.readSecret(secret);
  const dot = secret.indexOf(".");
  if (values || dot < 0) return { name: secret, key: keyMeant(values ?? {}), values: values ?? {} };
  const name = secret.slice(0, dot);
  return { name, key: secret.slice(dot + 1), values: (await secrets.readSecret(name)) ?? {} };
}

/**
 * Finds one value of a stored secret; returns undefined if there is none.
 *
 * @param secret name of a secret, which means its `value` key or its only key, or `name.key`
 */
export async function findSecretValue(secret: string, secrets: SecretStore): Promise<FoundSecret | undefined> {
  const { name, key, values } = await placeOfSecret(secret, secrets);
  const value = key !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
  return key === undefined || value === undefined ? undefined : { name, key, value };
}

function keyMeant(values: SecretValues): string | undefined {
  const [key = onlyKey, ...more] = Object.keys(values);
  return Object.hasOwn(values, onlyKey) ? onlyKey : more.length === 0 ? key : undefined;
}
