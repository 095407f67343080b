import type { Secrets } from "../../platform/secrets";

/** A name for a new secret, so that it takes no other's place. */
export async function freeSecretName(secrets: Secrets, stem: string): Promise<string> {
  const taken = new Set((await secrets.list()).map(({ name }) => name));
  for (let i = 1, name = stem; ; name = `${stem}-${++i}`) if (!taken.has(name)) return name;
}
