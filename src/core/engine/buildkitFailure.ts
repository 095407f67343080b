import { copySources } from "../dockerfile/copySources";
import type { Instruction } from "../dockerfile/instruction";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import type { ErrorLocation, ImageBuilderError } from "../base/errors";
import { refusedBaseImage } from "./baseImageRefusal";
import { buildError, describedPlaces } from "./buildFailure";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { buildkitRemedy } from "./buildkitRemedy";
import { failureWords } from "../transport/daemonMessage";
import { placeInDockerfile } from "./dockerfilePlace";
import { readErrorDetails } from "./errorDetails";
import type { BuildkitProgress } from "./progress/buildkitProgress";
import { grpcStatus, type GrpcError } from "../transport/grpc";
import type { BuildkitBuild } from "./solveRequest";

/** Returns the error for a build that failed in BuildKit, with BuildKit's own location, the first that buildx shows. */
export function buildkitFailure(
  error: GrpcError,
  progress: BuildkitProgress,
  { dockerfile, job: { options } }: Pick<BuildkitBuild, "dockerfile" | "job">,
): ImageBuilderError {
  const { sources, vertex, exitCode = exitCodeIn(error.message) } = readErrorDetails(error.details);
  const failed = progress.failedStep(vertex, error.message);
  const { buildArgs } = options;
  const known = {
    words: failureWords(error.message),
    step: failed?.step,
    output: failed?.output,
    buildArgs,
    dockerfile,
  };
  const unsendable =
    error.status === grpcStatus.internal && sources.length === 0 ? unsendableSource(dockerfile, options) : undefined;
  if (unsendable) return buildError({ ...known, ...unsendable });
  const place = sources
    .map(({ filename, ranges }) => placeInDockerfile(dockerfile, filename, ranges))
    .find((each) => each !== undefined);
  // Docker 20.10 sends no details.
  const places = error.details ? (place ? [place] : []) : describedPlaces(known);
  const instruction = places.length === 1 && places[0] ? instructionAt(dockerfile, places[0]) : undefined;
  const facts = { words: error.message, exitCode, stepName: failed?.step.name, instruction, dockerfile, options };
  const refusedImage = exitCode === undefined ? refusedBaseImage(failed?.step.name, error.message) : undefined;
  return buildError({ ...known, places, remedy: buildkitRemedy(facts), refusedImage });
}

/** Reads the exit code of a failed RUN from Docker 20.10's message. */
function exitCodeIn(words: string): number | undefined {
  const [, code] = /^(?:failed to solve[^:]*: )?executor failed running \[[^]*\]: exit code: (\d+)$/.exec(words) ?? [];
  return code === undefined ? undefined : Number(code);
}

function instructionAt({ text }: DockerfileSource, { line }: ErrorLocation): Instruction | undefined {
  const found = parseDockerfile(text)?.instructions.find((instruction) => instruction.line === line);
  return found?.trigger ?? found;
}

/**
 * Finds a source with a control character in its name. BuildKit requests files in headers, which can't contain it, and
 * fails without a location and with a message about headers.
 */
function unsendableSource(
  { file, text }: DockerfileSource,
  { buildArgs, target, platform, buildContexts }: BuildkitBuild["job"]["options"],
) {
  const found = copySources(text, buildArgs, { target, platform, buildContexts }).find(
    ({ isReached, path, prefix = "" }) => isReached && hasControlCharacter(path ?? prefix),
  );
  if (!found) return undefined;
  const { line, endLine } = found.range;
  const remedy =
    "BuildKit can't request a file whose name contains a line break or another control character. " +
    "Rename the file, or copy its folder.";
  return { places: [{ file, line, endLine }], remedy };
}

function hasControlCharacter(path: string): boolean {
  return [...path].some((character) => character < " " || character === "\x7f");
}
