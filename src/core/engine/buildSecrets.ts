import { closeSync, fstatSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { SecretSource } from "../base/buildOptions";
import { contactedHost } from "../base/contactedHost";
import type { Source } from "../base/sourceConsent";
import { findSecretValue } from "../credentials/secretStore";
import { mountsOf } from "../dockerfile/mounts";
import { wantedIds } from "../dockerfile/wantedIds";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { openInPlace, readRegularFile } from "../context/files/readRegularFile";
import { buildDestination, type BuildJob } from "./buildJob";
import { expandHome } from "../base/homePath";

/**
 * Maximum size of a secret in BuildKit. @see
 * https://github.com/moby/buildkit/blob/master/session/secrets/secretsprovider/secretsprovider.go
 */
const largestBytes = 500 * 1024;

/**
 * Reads the value of a secret when the daemon requests it; resolves to undefined for a secret that the build doesn't
 * have.
 */
export type ReadSecret = (id: string) => Promise<Buffer | undefined>;

/**
 * Prepares the secrets of a build: reads them once, so that missing ones are reported before anything is sent, and
 * again when the daemon requests them.
 *
 * @throws ImageBuilderError `secretUnavailable` for a secret that can't be read, is too large, or that the Dockerfile
 * requires but has no source; `sourceNotConfirmed` for one that may not be read
 */
export async function prepareSecrets(
  job: BuildJob,
  dockerfile: DockerfileSource,
  operation: Pick<Operation, "consent" | "log" | "signal">,
): Promise<ReadSecret> {
  const sources = new Map(Object.entries(job.options.secrets ?? {}));
  const needed = mountsOf(dockerfile.text, job.options).find(
    ({ type, id, required }) => type === "secret" && required && !sources.has(id),
  );
  if (needed) {
    throw new ImageBuilderError(
      "secretUnavailable",
      `${dockerfile.name}, line ${needed.line}: the secret "${needed.id}" has no source. ` +
        'Set one under "Secrets" in "More Options..." or in the setting "imageBuilders.buildSecrets".',
      { location: { file: dockerfile.file, line: needed.line, endLine: needed.endLine } },
    );
  }
  const read = (id: string, source: SecretSource): Promise<Buffer> =>
    readSource(id, source, job, (used) => confirm(id, used, job, operation));
  for (const [id, source] of sources) await read(id, source);
  const isWanted = wantedIds(dockerfile.text, job.options.buildArgs, job.options).secret;
  return async (id) => {
    const source = sources.get(id);
    if (source && isWanted(id)) return read(id, source);
    if (source)
      operation.log.warn(
        `The daemon requested the secret "${id}", which no mount in ${dockerfile.name} uses. It was not sent.`,
      );
    return undefined;
  };
}

type Confirm = (used: Source) => Promise<void> | undefined;

function confirm(
  id: string,
  source: Source,
  job: BuildJob,
  { consent, signal }: Pick<Operation, "consent" | "signal">,
): Promise<void> | undefined {
  return consent?.confirm(
    { source, destination: buildDestination(job), requestedBy: { kind: "buildSecret", name: id } },
    signal,
  );
}

async function readSource(id: string, source: SecretSource, job: BuildJob, confirmed: Confirm): Promise<Buffer> {
  const value =
    "file" in source
      ? await readSecretFile(id, source.file, job.context.root, confirmed)
      : await readText(id, source, job, confirmed);
  if (value.length > largestBytes) throw tooLarge(id, value.length);
  return value;
}

async function readText(
  id: string,
  source: Exclude<SecretSource, { file: string }>,
  { secrets }: BuildJob,
  confirmed: Confirm,
): Promise<Buffer> {
  if ("env" in source) {
    await confirmed({ kind: "environment", name: source.env });
    const value = process.env[source.env];
    if (value === undefined)
      throw unavailable(id, `the environment variable ${source.env} is not set. Set it before you start the editor`);
    return Buffer.from(value);
  }
  const found = secrets && (await findSecretValue(source.secret, secrets));
  if (found === undefined)
    throw unavailable(
      id,
      `the secret "${source.secret}" is not stored on this machine. ` +
        'Store it under "Secrets" in "More Options...", specify "name.key" if it has several keys',
    );
  await confirmed({ kind: "secret", name: found.name, keys: [found.key] });
  return Buffer.from(found.value);
}

async function readSecretFile(id: string, path: string, root = ".", confirmed: Confirm): Promise<Buffer> {
  const written = resolve(root, expandHome(path));
  // Looking at it would already sign in to another computer.
  if (contactedHost(path, root) !== undefined) await confirmed({ kind: "file", path: written });
  try {
    // The confirmed file must be the one that is read, and a link may lead out of its folder.
    const file = await realpath(written);
    await confirmed({ kind: "file", path: file });
    const found = await stat(file);
    // Reading a named pipe would wait forever.
    if (!found.isFile()) throw unavailable(id, `"${file}" is not a file. Specify a file`);
    if (found.size > largestBytes) throw tooLarge(id, found.size);
    return readUnmoved(id, file);
  } catch (error) {
    if (ImageBuilderError.is(error, "contextChanged"))
      throw unavailable(id, `its file "${written}" was replaced while being read. Try again`, error);
    if (ImageBuilderError.is(error) || systemCodeOf(error) === undefined) throw error;
    throw unavailable(
      id,
      `can't read its file "${written}" (${messageOf(error)}). Check that it exists and is readable`,
      error,
    );
  }
}

/** Reads the file that was confirmed; fails if a link, a pipe, or another file has taken its place. */
function readUnmoved(id: string, file: string): Buffer {
  const read = readRegularFile(file, (path) => {
    const fd = openInPlace(path);
    const size = fd === undefined ? 0 : fstatSync(fd).size;
    if (fd === undefined || size <= largestBytes) return fd;
    closeSync(fd);
    throw tooLarge(id, size);
  });
  if (!read) throw unavailable(id, `"${file}" is not a file. Specify a file`);
  if (read.bytes.length > largestBytes) throw tooLarge(id, read.bytes.length);
  return read.bytes;
}

function tooLarge(id: string, sizeBytes: number): ImageBuilderError {
  return unavailable(
    id,
    `it has ${sizeBytes} bytes, but BuildKit accepts at most ${largestBytes} (500 KiB). Make it smaller`,
  );
}

function unavailable(id: string, why: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "secretUnavailable",
    `Can't pass the secret "${id}" to the build: ${why}, or choose another source.`,
    { cause },
  );
}
