import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { checkedImageId } from "../base/digest";
import { outlineDockerfile } from "../dockerfile/dockerfile";
import type { Operation } from "../operation/operation";
import { buildkitFailure } from "./buildkitFailure";
import { daemonAt } from "../transport/daemonAnswers";
import { placeInDockerfile } from "./dockerfilePlace";
import { requestFailure } from "./engineClient";
import { BuildkitProgress } from "./progress/buildkitProgress";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { GrpcClient } from "../transport/grpcClient";
import {
  decodeHostGateway,
  decodeSolveResponse,
  encodeSolveRequest,
  encodeStatusRequest,
  namesHostGateway,
  type BuildkitBuild,
} from "./solveRequest";

const control = "/moby.buildkit.v1.Control";

/** How long what is left of a build's progress is waited for once the build has ended, in milliseconds. */
const drainMs = 3_000;

/**
 * How long the answer of a build is waited for whose progress has ended, in milliseconds. It holds the Dockerfile in a
 * header if the build failed, and Node drops headers of more than some 64 KiB without a word.
 */
const answerMs = 3_000;

/**
 * Builds by BuildKit's own API, as buildx does.
 *
 * @returns the image's id, if the daemon keeps it
 * @throws ImageBuilderError `buildFailed` with the Dockerfile's line as BuildKit has it, `optionInvalid`, `daemonLost`,
 * `daemonFailed`
 */
export async function solveBuild(build: BuildkitBuild, operation: Operation): Promise<string | undefined> {
  const { job, dockerfile } = build;
  const { signal } = operation;
  const ref = randomBytes(12).toString("hex");
  warnOfUnknownStages(build, operation);
  const socket = await job.client.openBuildkit(signal).catch((error: unknown) => {
    throw requestFailure("buildFailed", "Can't open the BuildKit API", error, signal);
  });
  const buildkit = new GrpcClient(socket);
  const close = (): void => buildkit.close();
  signal.addEventListener("abort", close);
  const progress = new BuildkitProgress(operation.report, (filename, ranges) =>
    placeInDockerfile(dockerfile, filename, ranges),
  );
  try {
    const request = encodeSolveRequest(ref, { ...build, hostGateway: await hostGateway(build, buildkit, signal) });
    const solved = buildkit.callOnce(`${control}/Solve`, request);
    const answer = await withProgress(solved, watch(buildkit, ref, progress), () => progress.lastError);
    const digest = decodeSolveResponse(answer, daemonAt(job.client.endpoint)).get("containerimage.digest");
    return digest && checkedImageId(digest, daemonAt(job.client.endpoint));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GrpcError)) throw requestFailure("buildFailed", "The build was interrupted", error, signal);
    throw buildkitFailure(error, progress, build);
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** BuildKit passes over them in silence. It calls a stage without a name `stage-` and its number. */
function warnOfUnknownStages({ job, dockerfile }: BuildkitBuild, { log }: Operation): void {
  const { stages } = outlineDockerfile(dockerfile.text);
  for (const name of job.options.noCacheFilter ?? []) {
    if (!stages.includes(name.toLowerCase()) && !/^stage-\d+$/i.test(name))
      log.warn(`${dockerfile.name} has no stage "${name}" to build without the cache.`);
  }
}

/** Asks BuildKit, as buildx does; daemons that do not say use the gateway of their bridge. */
async function hostGateway({ job }: BuildkitBuild, buildkit: GrpcClient, signal: AbortSignal): Promise<string[]> {
  if (!namesHostGateway(job.options)) return [];
  const answer = await buildkit.callOnce(`${control}/ListWorkers`, new Uint8Array());
  const told = decodeHostGateway(answer, daemonAt(job.client.endpoint));
  return told.length > 0 ? told : job.client.bridgeGateways(signal);
}

/**
 * Waits for the answer, and for the rest of the progress, which names the step that failed.
 *
 * @param failureIn words of the step that failed, for an answer that does not come
 */
async function withProgress(
  solved: Promise<Uint8Array>,
  watched: Promise<void>,
  failureIn: () => string | undefined,
): Promise<Uint8Array> {
  const ended = new AbortController();
  const wait = (ms: number) => sleep(ms, undefined, { signal: ended.signal }).catch(() => undefined);
  const drained = watched.catch(() => undefined);
  const unanswered = watched
    .then(() => wait(answerMs))
    .then(
      () => {
        const words = failureIn();
        return words === undefined ? solved : Promise.reject(new GrpcError(grpcStatus.unknown, words));
      },
      () => solved,
    );
  try {
    const answer = Promise.race([solved, unanswered]);
    await Promise.allSettled([answer.finally(() => Promise.race([drained, wait(drainMs)]))]);
    return await answer;
  } finally {
    ended.abort();
    unanswered.catch(() => undefined);
    solved.catch(() => undefined);
  }
}

/** Reports a build's progress until it has ended, well or not. */
async function watch(buildkit: GrpcClient, ref: string, progress: BuildkitProgress): Promise<void> {
  try {
    for await (const status of buildkit.call(`${control}/Status`, encodeStatusRequest(ref))) progress.accept(status);
  } finally {
    progress.end();
  }
}
