import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SecretSource } from "../../base/buildOptions";
import { ImageBuilderError } from "../../base/errors";
import type { ImageDefinition } from "../definition/definition";
import { secretId, secretName, type Secret } from "../definition/secret";

/** Where the values of secrets are looked for. */
export interface SecretPlaces {
  /** Default is this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Absolute path of a folder with a file for each secret; default is `/etc/secrets`. */
  readonly secretsFolder?: string;
  /** Where the configuration says that secrets are, by `group_key` or `key`; what is not named there is looked for. */
  readonly secretSources?: Readonly<Record<string, SecretSource>>;
  /** The names of secrets that are stored on this machine. */
  readonly storedSecrets?: readonly string[];
}

/**
 * Where the build finds the secrets of an image, each once, by its id in the Dockerfile: an environment variable
 * `GROUP_KEY`, a secret stored under `group_key`, or a file of that name. Values are not read here.
 *
 * @throws ImageBuilderError `secretUnavailable` for one that is nowhere
 */
export function secretSources(image: ImageDefinition, places: SecretPlaces = {}): Record<string, SecretSource> {
  return Object.fromEntries(secretsOfLayers(image).map((secret) => [secretId(secret), secretSource(secret, places)]));
}

/** The names of an image's secrets, by their ids in the Dockerfile. */
export function secretNames(image: ImageDefinition): ReadonlyMap<string, string> {
  return new Map(secretsOfLayers(image).map((secret) => [secretId(secret), secretName(secret)]));
}

function secretsOfLayers({ layers }: ImageDefinition): Secret[] {
  return layers.flatMap((layer) => ("secrets" in layer ? layer.secrets : "pip" in layer ? layer.pip.secrets : []));
}

/** Where the build finds one secret; throws as {@link secretSources} does. */
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
