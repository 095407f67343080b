import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { checkedImageId } from "../base/digest";
import type { ErrorLocation } from "../base/errors";
import { outlineDockerfile } from "../dockerfile/dockerfile";
import { stepLocator } from "../dockerfile/locateStep";
import { readRecipes } from "../dockerfile/stepRecipes";
import type { Operation } from "../operation/operation";
import { buildkitFailure } from "./buildkitFailure";
import { daemonAt } from "../transport/daemonName";
import { placeInDockerfile } from "./dockerfilePlace";
import { requestFailure } from "./requestFailure";
import { namesHostGateway } from "./hostGateway";
import { BuildkitProgress } from "./progress/buildkitProgress";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { callOnce, type GrpcCalls } from "../transport/grpcClient";
import { pushRefusal } from "./pushRefusal";
import {
  decodeHostGateway,
  decodeSolveResponse,
  encodeSolveRequest,
  encodeStatusRequest,
  type BuildkitBuild,
} from "./solveRequest";

const control = "/moby.buildkit.v1.Control";

/** Time to wait for the rest of the progress after a build has ended, in milliseconds. */
const drainMs = 3_000;

/**
 * Time to wait for the response of a build after its progress has ended, in milliseconds. If the build failed, the
 * response contains the Dockerfile in a header, and Node silently drops headers of more than about 64 KiB.
 */
const answerMs = 3_000;

/** Connection to BuildKit's API. */
export interface BuildkitConnection {
  readonly calls: GrpcCalls;
  close(): void;
}

/**
 * Builds through BuildKit's own API, as buildx does.
 *
 * @param connect opens the connection
 * @returns the image's id if the daemon keeps the image, or the digest of its manifest if BuildKit has pushed it
 * @throws ImageBuilderError `buildFailed` with BuildKit's location in the Dockerfile, `pushFailed`, `optionInvalid`,
 * `daemonLost`, `daemonFailed`
 */
export async function solveBuild(
  build: BuildkitBuild,
  connect: (signal: AbortSignal) => Promise<BuildkitConnection>,
  operation: Operation,
): Promise<string | undefined> {
  const { job, dockerfile } = build;
  const { signal } = operation;
  const ref = randomBytes(12).toString("hex");
  warnOfUnknownStages(build, operation);
  const { calls: buildkit, close } = await connect(signal).catch((error: unknown) => {
    throw requestFailure("buildFailed", "Can't open the BuildKit API", error, signal);
  });
  signal.addEventListener("abort", close);
  const progress = new BuildkitProgress(
    operation.report,
    (filename, ranges) => placeInDockerfile(dockerfile, filename, ranges),
    operation.trace && {
      trace: operation.trace,
      placeOfStep: placeOfStep(build),
      recipeOfStep: traceRecipes(build, operation.trace),
    },
  );
  try {
    const request = encodeSolveRequest(ref, { ...build, hostGateway: await hostGateway(build, buildkit, signal) });
    const solved = callOnce(buildkit, `${control}/Solve`, request);
    const answer = await withProgress(solved, watch(buildkit, ref, progress), () => progress.lastError);
    const digest = decodeSolveResponse(answer, daemonAt(job.client.endpoint)).get("containerimage.digest");
    return digest && checkedImageId(digest, daemonAt(job.client.endpoint));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GrpcError)) throw requestFailure("buildFailed", "The build was interrupted", error, signal);
    throw pushRefusal(error, job) ?? buildkitFailure(error, progress, build);
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Reports what the steps depend on. @returns a function that finds the recipe of a step */
function traceRecipes(
  { job: { options }, dockerfile }: BuildkitBuild,
  trace: NonNullable<Operation["trace"]>,
): (stepName: string) => number | undefined {
  const { recipes, indexOf } = readRecipes(dockerfile.text, options);
  trace({ kind: "recipes", recipes, options });
  return indexOf;
}

/** Returns a function that finds the instruction of a step. A generated Dockerfile is no file that could be opened. */
function placeOfStep({ job, dockerfile }: BuildkitBuild): (stepName: string) => ErrorLocation | undefined {
  const { file, text, isExtraFile } = dockerfile;
  if (isExtraFile) return () => undefined;
  const locate = stepLocator(text, job.options);
  return (stepName) => {
    const range = locate(stepName);
    return range && { file, ...range };
  };
}

/**
 * Warns of unknown stages, which BuildKit silently ignores. BuildKit names a stage without a name `stage-` and its
 * number.
 */
function warnOfUnknownStages({ job, dockerfile }: BuildkitBuild, { log }: Operation): void {
  const { stages } = outlineDockerfile(dockerfile.text);
  for (const name of job.options.noCacheFilter ?? []) {
    if (!stages.includes(name.toLowerCase()) && !/^stage-\d+$/i.test(name))
      log.warn(`${dockerfile.name} has no stage "${name}" to build without the cache.`);
  }
}

/**
 * Gets the addresses of `host-gateway` from BuildKit, as buildx does; for daemons that don't report them, uses the
 * gateway of the bridge network.
 */
async function hostGateway({ job }: BuildkitBuild, buildkit: GrpcCalls, signal: AbortSignal): Promise<string[]> {
  if (!namesHostGateway(job.options)) return [];
  const answer = await callOnce(buildkit, `${control}/ListWorkers`, new Uint8Array());
  const told = decodeHostGateway(answer, daemonAt(job.client.endpoint));
  return told.length > 0 ? told : job.client.bridgeGateways(signal);
}

/**
 * Waits for the response, and for the rest of the progress, which contains the failed step.
 *
 * @param failureIn returns the failed step's message, in case no response arrives
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

/** Reports a build's progress until the build has ended, successfully or not. */
async function watch(buildkit: GrpcCalls, ref: string, progress: BuildkitProgress): Promise<void> {
  try {
    for await (const status of buildkit.call(`${control}/Status`, encodeStatusRequest(ref))) progress.accept(status);
  } finally {
    progress.end();
  }
}
