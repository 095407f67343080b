import type { Secrets } from "../../platform/secrets";

/** Returns a name for a new secret that is not in use yet: `stem`, or `stem` with a number. */
export async function freeSecretName(secrets: Secrets, stem: string): Promise<string> {
  const taken = new Set((await secrets.list()).map(({ name }) => name));
  for (let i = 1, name = stem; ; name = `${stem}-${++i}`) if (!taken.has(name)) return name;
}
