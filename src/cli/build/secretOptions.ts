import { resolve } from "node:path";
import type { BuildOptions, SecretSource } from "../../core/base/buildOptions";
import { csvFields } from "../../core/dockerfile/mountOptions";
import { mountsOf } from "../../core/dockerfile/mounts";
import type { DockerfileSource } from "../../core/context/files/dockerfileSource";
import { ImageBuilderError } from "../../core/base/errors";
import { usageError } from "../parsedArguments";

const form = 'use "id=ID,src=FILE" or "id=ID,env=NAME"';

/** Parses secrets in the syntax of the docker CLI. @throws ImageBuilderError `optionInvalid` */
export function secretsOf(written: readonly string[], env: NodeJS.ProcessEnv): Record<string, SecretSource> {
  return Object.fromEntries(written.map((each) => secretOf(each, env)));
}

function secretOf(written: string, env: NodeJS.ProcessEnv): [id: string, source: SecretSource] {
  const fields = new Map<string, string>();
  for (const field of csvFields(written)) {
    const equals = field.indexOf("=");
    const name = field.slice(0, Math.max(equals, 0)).toLowerCase();
    if (!["id", "src", "source", "env", "type"].includes(name))
      throw usageError(`"${written}" is not a valid secret: ${form}.`);
    fields.set(name === "source" ? "src" : name, field.slice(equals + 1));
  }
  const [id, src, type] = [fields.get("id"), fields.get("src"), fields.get("type")];
  if (!id) throw usageError(`The secret "${written}" has no id: ${form}.`);
  if (type !== undefined && type !== "file" && type !== "env")
    throw usageError(`The type of a secret must be "file" or "env", not "${type}".`);
  // For `type=env`, docker reads the source as the name of a variable.
  const variable =
    fields.get("env") ||
    (type === "env" ? src : undefined) ||
    (!src && type !== "file" && env[id] !== undefined ? id : undefined);
  if (!variable) return [id, { file: resolve(src || id) }];
  return [id, { env: variable }];
}

/**
 * Checks secrets before anything is sent.
 *
 * @throws ImageBuilderError `secretUnavailable` if a variable is not set, or if a secret that the Dockerfile requires
 * is missing
 */
export function checkSecrets({ text, name, file }: DockerfileSource, { secrets = {}, ...options }: BuildOptions): void {
  for (const [id, source] of Object.entries(secrets)) {
    if (!("env" in source) || process.env[source.env] !== undefined) continue;
    throw new ImageBuilderError(
      "secretUnavailable",
      `The secret "${id}" comes from the environment variable "${source.env}", which is not set. Set it and try again.`,
    );
  }
  const needed = mountsOf(text, options).find(
    ({ type, id, required }) => type === "secret" && required && !Object.hasOwn(secrets, id),
  );
  if (!needed) return;
  const { id, line, endLine } = needed;
  throw new ImageBuilderError(
    "secretUnavailable",
    `${name}, line ${line}, requires the secret "${id}". Provide it with "--secret id=${id},src=FILE".`,
    {
      location: { file, line, endLine },
    },
  );
}
