import { PassThrough, type Readable } from "node:stream";
import { checkedImageId } from "../base/digest";
import type { ArchiveOptions } from "../context/files/contextOptions";
import type { ReviewedEntries } from "../context/files/reviewedEntries";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { BuildStep } from "../operation/progressEvent";
import { authConfigOf } from "./authConfig";
import { buildFailure, buildRefusal, describedPlaces } from "./buildFailure";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { buildQuery, manyFiles, type EngineJob } from "./buildJob";
import { placeDockerfile } from "./classicDockerfile";
import { daemonAt } from "../transport/daemonName";
import { failureIn, resultIn } from "../transport/daemonMessage";
import { jsonLines } from "../transport/jsonLines";
import { namedLogins, oneLoginOnly } from "../session/namedLogins";
import { NamedRegistries } from "../session/namedRegistries";
import { ClassicProgress } from "./progress/classicProgress";

/**
 * Builds with the classic builder or Podman: the whole context is sent as a tar archive.
 *
 * @param reviewed entries of the review; undefined if there was none
 * @returns the `imageId`
 */
export async function buildWithClassic(
  job: EngineJob,
  dockerfile: DockerfileSource,
  reviewed: ReviewedEntries | undefined,
  operation: Operation,
): Promise<string> {
  const stop = new AbortController();
  const uploading: Operation = { ...operation, signal: AbortSignal.any([operation.signal, stop.signal]) };
  const { path, overlay, files } = await placeDockerfile(job, dockerfile);
  if (files > manyFiles && job.engineInfo.product === "docker") {
    operation.log.warn(
      `The build context has ${files} files. ` +
        "The classic builder's time grows with the square of that number and can reach minutes. " +
        "Build with BuildKit, or exclude files in .dockerignore.",
    );
  }
  const { body, failed } = upload(job, { overlay, reviewed }, uploading);
  try {
    const query = { ...buildQuery(job.imageNames, job.options), dockerfile: path };
    const logins = await registryLogins(job, dockerfile, operation);
    const stream = await job.client.build(query, body, uploading.signal, logins).catch((error: unknown) => {
      throw failed() ?? buildRefusal(error, dockerfile, operation.signal);
    });
    return await readBuild(job, dockerfile, stream, operation);
  } catch (error) {
    operation.signal.throwIfAborted();
    throw error;
  } finally {
    stop.abort();
  }
}

/** Starts writing the archive; an error ends the request and is returned by `failed`. */
function upload(
  job: EngineJob,
  sent: Pick<ArchiveOptions, "overlay" | "reviewed">,
  operation: Operation,
): { body: PassThrough; failed: () => Error | undefined } {
  const body = new PassThrough();
  let failure: Error | undefined;
  body.on("error", () => {});
  const connection = job.client.endpoint.connection.kind;
  job.context
    .writeArchive(body, {
      builder: "classic",
      // Over a local socket, compression costs more than it saves.
      gzip: connection !== "socket",
      mtime: "keep",
      ...sent,
      signal: operation.signal,
      onBytes: (currentBytes) =>
        operation.report({ kind: "transfer", step: undefined, label: "Sending build context", currentBytes }),
    })
    .then(
      () => body.end(),
      (error: unknown) => {
        failure = error instanceof Error ? error : new Error(messageOf(error));
        body.destroy(failure);
      },
    );
  return { body, failed: () => failure };
}

async function readBuild(
  job: EngineJob,
  dockerfile: DockerfileSource,
  stream: Readable,
  operation: Operation,
): Promise<string> {
  const progress = new ClassicProgress((event) => {
    operation.report(event);
    if (event.kind === "stepStarted") tracePlace(event.step, job, dockerfile, operation);
  });
  let imageId: string | undefined;
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) {
      progress.finish(failure);
      const step = progress.current;
      const stepNumber = numberInFile(step, job);
      const { buildArgs } = job.options;
      throw buildFailure({ words: failure, step, stepNumber, buildArgs, output: progress.output, dockerfile });
    }
    const { ID } = resultIn(message);
    // Docker sends an id for each stage; the last is the image's.
    if (ID !== undefined) imageId = checkedImageId(ID, daemonAt(job.client.endpoint));
    else progress.accept(message);
  }
  progress.finish();
  imageId ??= await askImageId(job, operation.signal);
  operation.report({ kind: "imageBuilt", imageId });
  return imageId;
}

/** Returns the number of a step among all instructions; undefined for Podman, which counts within each stage. */
function numberInFile(step: BuildStep | undefined, { engineInfo }: EngineJob): number | undefined {
  return engineInfo.product === "docker" ? step?.number : undefined;
}

/** Reports the instruction of a step, unless several fit. */
function tracePlace(step: BuildStep, job: EngineJob, dockerfile: DockerfileSource, { trace }: Operation): void {
  if (!trace || dockerfile.isExtraFile) return;
  const { buildArgs } = job.options;
  const stepNumber = numberInFile(step, job);
  const [place, ...others] = describedPlaces({ words: "", step, stepNumber, buildArgs, dockerfile });
  if (place && others.length === 0) trace({ kind: "step", number: step.number, place });
}

/** Podman doesn't always send the id in the stream. */
async function askImageId(job: EngineJob, signal: AbortSignal): Promise<string> {
  const [imageName = ""] = job.imageNames;
  return job.client.imageId(imageName, signal).catch((error: unknown) => {
    throw new ImageBuilderError(
      "daemonLost",
      "The daemon ended the build without a result. Check that it is still running, then build again.",
      { cause: error },
    );
  });
}

/**
 * Returns the logins for the registries of images in the Dockerfile, in the format of `X-Registry-Config`; undefined if
 * there are none.
 */
async function registryLogins(
  job: EngineJob,
  dockerfile: DockerfileSource,
  { log, signal }: Operation,
): Promise<Record<string, object> | undefined> {
  const logins: Record<string, object> = {};
  const named = NamedRegistries.ofClassicBuild(dockerfile, job.options);
  if (named.mayBeMore)
    log.warn(
      `${dockerfile.name} names an image with a variable whose value is unknown. ` +
        "No credentials are sent for its registry.",
    );
  for (const host of named.hosts) {
    try {
      const [answer, ...others] = await namedLogins(named, host, job.credentials, signal);
      if (!answer) continue;
      if (others.length > 0) log.warn(oneLoginOnly(host, answer));
      const key = host === "docker.io" ? "https://index.docker.io/v1/" : host;
      logins[key] = authConfigOf(answer.credentials);
    } catch (error) {
      log.warn(`No credentials for images from ${host}: ${messageOf(error)}`);
    }
  }
  return Object.keys(logins).length > 0 ? logins : undefined;
}
