import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SecretSource } from "../../base/buildOptions";
import { ImageBuilderError } from "../../base/errors";
import type { ImageDefinition } from "../definition/definition";
import { secretId, secretName, type Secret } from "../definition/secret";

/** Places where the values of secrets are looked up. */
export interface SecretPlaces {
  /** Environment variables; default are those of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Absolute path of a folder with one file per secret; default is `/etc/secrets`. */
  readonly secretsFolder?: string;
  /** Configured sources, by `group_key` or `key`; all other secrets are looked up. */
  readonly secretSources?: Readonly<Record<string, SecretSource>>;
  /** Names of the secrets that are stored on this machine. */
  readonly storedSecrets?: readonly string[];
}

/**
 * Returns the sources of an image's secrets, by their IDs in the Dockerfile: a configured source, an environment
 * variable `GROUP_KEY`, a secret stored as `group_key`, or a file of that name. Values are not read here.
 *
 * @throws ImageBuilderError `secretUnavailable` for a secret without a source
 */
export function secretSources(image: ImageDefinition, places: SecretPlaces = {}): Record<string, SecretSource> {
  return Object.fromEntries(secretsOfLayers(image).map((secret) => [secretId(secret), secretSource(secret, places)]));
}

/** Returns the names of an image's secrets, by their IDs in the Dockerfile. */
export function secretNames(image: ImageDefinition): ReadonlyMap<string, string> {
  return new Map(secretsOfLayers(image).map((secret) => [secretId(secret), secretName(secret)]));
}

function secretsOfLayers({ layers }: ImageDefinition): Secret[] {
  return layers.flatMap((layer) => ("secrets" in layer ? layer.secrets : "pip" in layer ? layer.pip.secrets : []));
}

/** Returns the source of one secret; throws like {@link secretSources}. */
export function secretSource(
  secret: Secret,
  {
    environment = process.env,
    secretsFolder = "/etc/secrets",
    storedSecrets = [],
    secretSources: given = {},
  }: SecretPlaces,
): SecretSource {
  const name = secretName(secret);
  const source = Object.hasOwn(given, name) ? given[name] : undefined;
  if (source) return source;
  const variable = name.toUpperCase();
  if (environment[variable]) return { env: variable };
  if (storedSecrets.includes(name)) return { secret: name };
  const file = join(secretsFolder, name);
  if (existsSync(file)) return { file };
  throw new ImageBuilderError(
    "secretUnavailable",
    `The secret "${name}" is not stored, and neither the environment variable ${variable} nor the file "${file}" ` +
      "exists. Set one of them before you build.",
  );
}
