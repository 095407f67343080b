import { closeSync, fstatSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { SecretSource } from "../builders/buildOptions";
import { openRegularFile } from "../context/readRegularFile";
import { readSecretValue } from "../credentials/secretStore";
import { mountsOf } from "../dockerfile/mounts";
import { wantedIds } from "../dockerfile/wantedIds";
import { ImageBuilderError, messageOf } from "../errors";
import type { Log } from "../log";
import type { BuildJob, DockerfileSource } from "./buildJob";

/** BuildKit's own limit. @see https://github.com/moby/buildkit/blob/master/session/secrets/secretsprovider/secretsprovider.go */
const largestBytes = 500 * 1024;

/** Gives the value of a secret when the daemon asks for it; nothing for one that the build has none of. */
export type ReadSecret = (id: string) => Promise<Buffer | undefined>;

/**
 * The secrets of a build: looked at now, so that what is missing is told before anything is sent, and read when the daemon asks.
 *
 * @throws ImageBuilderError `secretUnavailable` for one that cannot be had, is too large, or that the Dockerfile needs and nobody gives
 */
export async function prepareSecrets(job: BuildJob, dockerfile: DockerfileSource, log: Log): Promise<ReadSecret> {
  const sources = new Map(Object.entries(job.options.secrets ?? {}));
  const needed = mountsOf(dockerfile.text, job.options).find(({ type, id, required }) => type === "secret" && required && !sources.has(id));
  if (needed) {
    throw new ImageBuilderError(
      "secretUnavailable",
      `${dockerfile.name}, line ${needed.line}, needs the secret "${needed.id}" and the build is given none: name its source under "Secrets" of "More Options..." or in the setting "imageBuilders.buildSecrets".`,
      { location: { file: dockerfile.file, line: needed.line, endLine: needed.endLine } },
    );
  }
  for (const [id, source] of sources) await readSource(id, source, job);
  const isWanted = wantedIds(dockerfile.text, job.options.buildArgs).secret;
  return async (id) => {
    const source = sources.get(id);
    if (source && isWanted(id)) return readSource(id, source, job);
    if (source) log.warn(`The daemon asked for the secret "${id}", which no mount in ${dockerfile.name} names: it was not given.`);
    return undefined;
  };
}

async function readSource(id: string, source: SecretSource, job: BuildJob): Promise<Buffer> {
  const value = "file" in source ? await readSecretFile(id, source.file, job.context.root) : await readText(id, source, job);
  if (value.length > largestBytes) throw tooLarge(id, value.length);
  return value;
}

async function readText(id: string, source: Exclude<SecretSource, { file: string }>, { secrets }: BuildJob): Promise<Buffer> {
  if ("env" in source) {
    const value = process.env[source.env];
    if (value === undefined) throw unavailable(id, `the environment variable ${source.env} is not set: set it before the editor is started`);
    return Buffer.from(value);
  }
  const value = secrets && (await readSecretValue(source.secret, secrets));
  if (value === undefined) throw unavailable(id, `no secret "${source.secret}" is stored on this machine: store it under "Secrets" of "More Options...", and name the one that is meant, as "name.key", if it holds several values`);
  return Buffer.from(value);
}

async function readSecretFile(id: string, path: string, root = "."): Promise<Buffer> {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(root, path);
  try {
    const fd = openRegularFile(file);
    if (fd === undefined) throw unavailable(id, `"${file}" is not a file: name one`);
    try {
      const { size } = fstatSync(fd);
      if (size > largestBytes) throw tooLarge(id, size);
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    throw unavailable(id, `its file "${file}" cannot be read (${messageOf(error)}): see whether it is there and may be read`, error);
  }
}

function tooLarge(id: string, sizeBytes: number): ImageBuilderError {
  return unavailable(id, `it has ${sizeBytes} bytes and BuildKit takes at most ${largestBytes} (500 KiB): make it smaller`);
}

function unavailable(id: string, why: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("secretUnavailable", `The secret "${id}" cannot be given to the build, because ${why}, or choose another source.`, { cause });
}
