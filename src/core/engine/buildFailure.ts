import { foreignWords } from "../border/foreignWords";
import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError, type ErrorLocation } from "../base/errors";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { BaseImageRefusal, refusedBaseImage } from "./baseImageRefusal";
import { lostSession, sessionRemedy, sourceRemedy, stageRemedy } from "./buildkitRemedy";
import { daemonStatus, daemonWords, requestFailure } from "./requestFailure";
import { imageRemedy } from "./imageRemedy";
import type { BuildStep } from "../operation/progressEvent";
import { refusalRemedy } from "./refusalRemedy";
import { inOrder, type WordTest } from "../base/wordsInOrder";

/** Information about a failed build. */
export interface FailedBuild {
  /** Daemon's own words. */
  readonly words: string;
  readonly step?: BuildStep;
  /** Number of the step among all instructions, if the builder counts them that way. */
  readonly stepNumber?: number;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** End of the failed step's output. */
  readonly output?: string;
  /** HTTP status of a daemon that refused the build. */
  readonly status?: number;
  readonly dockerfile: DockerfileSource;
}

/** Failed build with its location and a remedy, if known. */
export interface LocatedFailure extends FailedBuild {
  /** All possible locations. */
  readonly places: readonly ErrorLocation[];
  readonly remedy?: string;
  /** The base image that its registry refused. */
  readonly refusedImage?: string;
}

/** Maximum number of lines that are listed after the first. */
const mostListed = 5;

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [lostSession, sessionRemedy],
  [/not found in build context|no source files were specified/i, sourceRemedy],
  [inOrder(/stat:? /i, /no such file/i), sourceRemedy],
  [inOrder(/target stage /i, / could not be found/i), stageRemedy],
  [inOrder(/target /i, / was not found/i), stageRemedy],
  [/failed to reach build target/i, stageRemedy],
];

/** Returns the error for a failed build of which only the words are known; locates the failure by them. */
export function buildFailure(failed: FailedBuild): ImageBuilderError {
  const { words } = failed;
  const remedy = remedies.find(([test]) => test.test(words))?.[1] ?? imageRemedy(words);
  const refusedImage = refusedBaseImage(failed.step?.name, words);
  return buildError({ ...failed, places: describedPlaces(failed), remedy, refusedImage });
}

/** Returns the possible locations of a failure of which only words are known. */
export function describedPlaces({
  words,
  step,
  stepNumber,
  buildArgs,
  dockerfile: { file, text },
}: FailedBuild): ErrorLocation[] {
  return locateFailure(text, { words, stepName: step?.name, stepNumber, buildArgs }).map((place) => ({
    file,
    ...place,
  }));
}

/**
 * Returns the error for a failed build: the step, its location in the Dockerfile, the daemon's words, and what to do.
 */
export function buildError({
  words,
  step,
  output = "",
  status,
  dockerfile,
  places,
  remedy: known,
  refusedImage,
}: LocatedFailure): ImageBuilderError {
  const place = [step && `at "${foreignWords(step.name)}"`, placeInWords(dockerfile, places)].filter(Boolean).join(" ");
  const remedy = refusalRemedy(`${words}\n${output}`, undefined) ?? known ?? refusalRemedy(words, status);
  // One of several possible locations must not be opened as if it were certain.
  const location = places.length === 1 ? places[0] : undefined;
  const failure = `The build failed${place && ` ${place}`}`;
  return new ImageBuilderError("buildFailed", `${failure}: ${sentence(words)}${remedy ? ` ${remedy}` : ""}`, {
    location,
    ...(refusedImage !== undefined && { cause: new BaseImageRefusal(refusedImage, words, failure) }),
  });
}

function placeInWords({ name }: DockerfileSource, places: readonly ErrorLocation[]): string {
  const [first, ...more] = places.map(({ line }) => line);
  if (first === undefined) return "";
  if (more.length === 0) return `in ${name}, line ${first}`;
  const listed = more.slice(0, mostListed);
  const last = listed.length < more.length ? "another line" : listed.pop();
  return `in ${name}, line ${[first, ...listed].join(", ")} or ${last} (the builder doesn't report which)`;
}

/** Returns the error for a build that the daemon refused before its first step, or that never reached the daemon. */
export function buildRefusal(error: unknown, dockerfile: DockerfileSource, signal: AbortSignal): Error {
  const status = daemonStatus(error);
  if (signal.aborted || status === undefined)
    return requestFailure("buildFailed", "Can't start the build", error, signal);
  return buildFailure({ words: daemonWords(error), status, dockerfile });
}

const wrapping =
  /^(?:failed to (?:solve(?: with frontend [\w.]+)?|create LLB definition): |rpc error: code = \w+ desc = )+/;

/** Removes the prefixes of BuildKit's nested errors, and ends the sentence. */
function sentence(words: string): string {
  const core = words.trim().replace(wrapping, "");
  return /[.!?]$/.test(core) ? core : `${core}.`;
}
