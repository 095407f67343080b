import { createHash } from "node:crypto";
import { checkLine, checkOptions, definitionInvalid, describe } from "./check";

/** Secret that the steps of a layer can read during the build; its value is never part of the image. */
export interface Secret {
  readonly key: string;
  readonly group?: string;
  /**
   * Absolute path of the file with the value during the step; if undefined, the value is in an environment variable.
   */
  readonly mount?: string;
  /** Name of the variable; default is `GROUP_KEY` or `KEY` in uppercase, with `_` for `-`. */
  readonly asEnvVar?: string;
}

/** One or more secrets; a string is the key of a secret. */
export type SecretRequest = string | Secret | readonly (string | Secret)[];

/** Secrets that the steps of a layer can read. */
export interface SecretArguments {
  readonly secretMounts?: SecretRequest;
}

/**
 * Returns the secrets of a request without duplicates, with defaults for missing fields.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function secretsOf(where: string, request: SecretRequest | undefined): readonly Secret[] {
  if (request === undefined) return [];
  const list: readonly unknown[] = Array.isArray(request) ? request : [request];
  const secrets = list.map((each) => checkSecret(where, typeof each === "string" ? { key: each } : each));
  return [...new Map(secrets.map((secret) => [secretId(secret), secret])).values()];
}

/**
 * Returns Flyte's number for a secret, which is also its ID in the Dockerfile.
 *
 * @see https://github.com/flyteorg/flyte-sdk (`Secret.__hash__`)
 */
export function secretId({ key, group = "", mount = "", asEnvVar = "" }: Secret): string {
  const digest = createHash("sha256").update([key, group, mount, asEnvVar].join("|")).digest("hex").slice(0, 16);
  const number = BigInt(`0x${digest}`);
  return (number >= 1n << 63n ? number % ((1n << 61n) - 1n) : number).toString();
}

/** Returns the name by which Flyte looks up a secret on the building machine: `group_key`, or `key`. */
export function secretName({ key, group }: Secret): string {
  return group === undefined ? key : `${group}_${key}`;
}

function checkSecret(where: string, value: unknown): Secret {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw definitionInvalid(
      where,
      `a secret is ${describe(value)}. Use its key, or an object such as { key: "TOKEN" }.`,
    );
  }
  const secret = checkOptions(where, value as Secret, ["key", "group", "mount", "asEnvVar"]);
  const what = `the secret ${describe(secret.key)}`;
  const key = checkLine(where, "a secret's key", secret.key);
  const group = secret.group === undefined ? undefined : checkLine(where, `the group of ${what}`, secret.group);
  const variable =
    secret.asEnvVar === undefined ? undefined : checkLine(where, `the asEnvVar of ${what}`, secret.asEnvVar);
  if (secret.mount !== undefined) {
    const mount = checkLine(where, `the mount of ${what}`, secret.mount);
    // The path becomes part of a flag's comma-separated list.
    if (!/^\/[\w./@+-]*[\w@+-]$/.test(mount)) {
      throw definitionInvalid(
        where,
        `the mount of ${what} is "${mount}". Use the absolute path of a file, with only letters, digits and "_./@+-".`,
      );
    }
    return { key, group, mount, asEnvVar: variable };
  }
  const asEnvVar = variable ?? secretName({ key, group }).replaceAll("-", "_").toUpperCase();
  if (!/^[A-Z_][A-Z0-9_]*$/.test(asEnvVar)) {
    throw definitionInvalid(
      where,
      `${what} can't be in a variable named "${asEnvVar}". ` +
        'Set asEnvVar to a name of uppercase letters, digits and "_".',
    );
  }
  return { key, group, asEnvVar };
}
