import { randomBytes } from "node:crypto";
import type { BuildOptions } from "../base/buildOptions";
import { checkedImageId } from "../base/digest";
import { outlineDockerfile } from "../dockerfile/dockerfile";
import type { Operation } from "../operation/operation";
import { buildFailure } from "./buildFailure";
import { platformsOf } from "../base/buildTargets";
import { daemonAt } from "../transport/daemonAnswers";
import { failureWords } from "../transport/daemonMessage";
import { requestFailure } from "./engineClient";
import { BuildkitProgress } from "./progress/buildkitProgress";
import { GrpcError } from "../transport/grpc";
import { GrpcClient } from "../transport/grpcClient";
import { decodeSolveResponse, encodeSolveRequest, encodeStatusRequest, type BuildkitBuild } from "./solveRequest";

/** Whether a build asks for what `POST /build` has no words for. */
export function needsSolve(options: BuildOptions): boolean {
  const { noCacheFilter = [], cacheTo = [] } = options;
  return platformsOf(options).length > 1 || noCacheFilter.length > 0 || cacheTo.some((entry) => entry !== "type=inline");
}

/**
 * Builds by BuildKit's own API, as buildx does.
 *
 * @returns the image's id, if the daemon keeps it
 */
export async function solveBuild(build: BuildkitBuild, operation: Operation): Promise<string | undefined> {
  const { job, dockerfile } = build;
  const ref = randomBytes(12).toString("hex");
  const request = encodeSolveRequest(ref, build);
  warnOfUnknownStages(build, operation);
  const socket = await job.client.openBuildkit(operation.signal).catch((error: unknown) => {
    throw requestFailure("buildFailed", "BuildKit's API could not be opened", error, operation.signal);
  });
  const buildkit = new GrpcClient(socket);
  const close = (): void => buildkit.close();
  operation.signal.addEventListener("abort", close);
  const progress = new BuildkitProgress(operation.report);
  try {
    const solved = buildkit.callOnce("/moby.buildkit.v1.Control/Solve", request);
    const [outcome] = await Promise.allSettled([solved, watch(buildkit, ref, progress)]);
    if (outcome.status === "rejected") throw outcome.reason;
    const digest = decodeSolveResponse(outcome.value, daemonAt(job.client.endpoint)).get("containerimage.digest");
    return digest && checkedImageId(digest, daemonAt(job.client.endpoint));
  } catch (error) {
    operation.signal.throwIfAborted();
    if (!(error instanceof GrpcError)) throw requestFailure("buildFailed", "The build was broken off", error, operation.signal);
    throw buildFailure({ words: failureWords(error.message), step: progress.failed?.step, detail: progress.failed?.message, output: progress.failed?.output, dockerfile });
  } finally {
    operation.signal.removeEventListener("abort", close);
    close();
  }
}

/** BuildKit passes over them in silence. It calls a stage without a name `stage-` and its number. */
function warnOfUnknownStages({ job, dockerfile }: BuildkitBuild, { log }: Operation): void {
  const { stages } = outlineDockerfile(dockerfile.text);
  for (const name of job.options.noCacheFilter ?? []) {
    if (!stages.includes(name.toLowerCase()) && !/^stage-\d+$/i.test(name)) log.warn(`${dockerfile.name} has no stage "${name}" that could be built without the cache.`);
  }
}

/** Reports a build's progress until it has ended, well or not. */
async function watch(buildkit: GrpcClient, ref: string, progress: BuildkitProgress): Promise<void> {
  for await (const status of buildkit.call("/moby.buildkit.v1.Control/Status", encodeStatusRequest(ref))) progress.acceptStatus(status);
}
