import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished, pipeline } from "node:stream/promises";
import type { BuildContext } from "../context/files/buildContext";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { ArtifactStore } from "./artifactStore";
import { withoutEnd } from "../base/trimText";

/**
 * Uploads a build context to an artifact store for a remote builder, once for equal contents (ZenML's
 * `_upload_build_context`).
 *
 * @param folder folder below the store's path, such as `kaniko-build-contexts`
 * @returns the path in the store, `<store>/<folder>/<SHA-1 of the archive>.tar.gz`
 * @throws ImageBuilderError `uploadFailed`, or errors of reading the context; the signal's reason when aborted
 */
export async function uploadBuildContext(
  context: BuildContext,
  folder: string,
  store: ArtifactStore,
  { log, signal }: Pick<Operation, "log" | "signal">,
): Promise<string> {
  const parent = `${withoutEnd(store.path, "/")}/${folder}`;
  const temporary = await mkdtemp(join(tmpdir(), "image-builders-context-"));
  try {
    const archive = join(temporary, "context.tar.gz");
    const path = `${parent}/${await writeContext(context, archive, signal)}.tar.gz`;
    await telling(parent, signal, async () => {
      await store.makeFolders(parent, signal);
      if (await store.exists(path, signal)) return log.info("Build context already exists, not uploading.");
      log.info(`Uploading build context to \`${path}\`.`);
      await store.upload(archive, path, signal);
    });
    return path;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Writes the context's archive to a file.
 *
 * @returns the SHA-1 of the archive in hexadecimal digits, which only names contents here and protects nothing
 */
async function writeContext(context: BuildContext, file: string, signal: AbortSignal): Promise<string> {
  const output = createWriteStream(file);
  try {
    await context.writeArchive(output, { signal });
    output.end();
    await finished(output);
  } finally {
    // Windows can't delete a folder while a file in it is open.
    output.destroy();
    if (!output.closed) await once(output, "close");
  }
  const hash = createHash("sha1");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}

async function telling(place: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "uploadFailed",
      `Can't upload the build context to "${place}" (${messageOf(error)}). ` +
        "Check that the location exists and that you can write to it.",
      { cause: error },
    );
  }
}
