import type { ImageBuilderError } from "../errors";
import { buildError } from "./buildFailure";
import type { DockerfileSource } from "./buildJob";
import { failureWords } from "./daemonMessage";
import { placeInDockerfile } from "./dockerfilePlace";
import { readErrorDetails } from "./errorDetails";
import type { BuildkitProgress } from "./progress/buildkitProgress";
import type { GrpcError } from "./session/grpc";

/** The error for a build that BuildKit failed: the place is BuildKit's own. */
export function buildkitFailure(error: GrpcError, progress: BuildkitProgress, dockerfile: DockerfileSource): ImageBuilderError {
  if (process.env.SHOW) console.log(error.status, error.message, readErrorDetails(error.details), Buffer.from(error.details ?? "").toString("latin1").replace(/[^\x20-\x7e]/g, "~").replace(/"data":"[^"]*"/g,'"data":..').slice(0, 6000));
  const { sources, vertex } = readErrorDetails(error.details);
  const location = sources.map(({ filename, ranges }) => placeInDockerfile(dockerfile, filename, ranges)).find(Boolean);
  const failed = progress.failedStep(vertex, error.message);
  const words = failureWords(error.message);
  return buildError({ words, step: failed?.step, detail: failed?.message, output: failed?.output, dockerfile, location });
}
