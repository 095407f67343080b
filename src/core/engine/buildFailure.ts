import { foreignWords } from "../border/foreignWords";
import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError, type ErrorLocation } from "../base/errors";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { lostSession, sessionRemedy, sourceRemedy, stageRemedy } from "./buildkitRemedy";
import { daemonStatus, daemonWords, requestFailure } from "./engineClient";
import { imageRemedy } from "./imageRemedy";
import type { BuildStep } from "../operation/progressEvent";
import { refusalRemedy } from "./refusalRemedy";
import { inOrder, type WordTest } from "../base/wordsInOrder";

/** What is known of a build that failed. */
export interface FailedBuild {
  /** The daemon's own words. */
  readonly words: string;
  readonly step?: BuildStep;
  /** The step's number among all instructions, where the builder counts so. */
  readonly stepNumber?: number;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The end of what the failed step wrote. */
  readonly output?: string;
  /** Of a daemon that refused the build. */
  readonly status?: number;
  readonly dockerfile: DockerfileSource;
}

/** The same with its place and with what to do about it, as far as they are known. */
export interface LocatedFailure extends FailedBuild {
  /** All that it may be. */
  readonly places: readonly ErrorLocation[];
  readonly remedy?: string;
}

/** How many lines are listed after the first. */
const mostListed = 5;

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [lostSession, sessionRemedy],
  [/not found in build context|no source files were specified/i, sourceRemedy],
  [inOrder(/stat:? /i, /no such file/i), sourceRemedy],
  [inOrder(/target stage /i, / could not be found/i), stageRemedy],
  [inOrder(/target /i, / was not found/i), stageRemedy],
  [/failed to reach build target/i, stageRemedy],
];

/** The error for a build that failed with nothing but words: its place is looked for in them. */
export function buildFailure(failed: FailedBuild): ImageBuilderError {
  const { words } = failed;
  const remedy = remedies.find(([test]) => test.test(words))?.[1] ?? imageRemedy(words);
  return buildError({ ...failed, places: describedPlaces(failed), remedy });
}

/** Where a build may have failed of which only words are known. */
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

/** The error for a failed build: the step, its place in the Dockerfile, the daemon's words and what to do. */
export function buildError({
  words,
  step,
  output = "",
  status,
  dockerfile,
  places,
  remedy: known,
}: LocatedFailure): ImageBuilderError {
  const place = [step && `at "${foreignWords(step.name)}"`, placeInWords(dockerfile, places)].filter(Boolean).join(" ");
  const remedy = refusalRemedy(`${words}\n${output}`, undefined) ?? known ?? refusalRemedy(words, status);
  // A place that is only one of several is none to go to.
  const location = places.length === 1 ? places[0] : undefined;
  return new ImageBuilderError(
    "buildFailed",
    `The build failed${place && ` ${place}`}: ${sentence(words)}${remedy ? ` ${remedy}` : ""}`,
    { location },
  );
}

function placeInWords({ name }: DockerfileSource, places: readonly ErrorLocation[]): string {
  const [first, ...more] = places.map(({ line }) => line);
  if (first === undefined) return "";
  if (more.length === 0) return `in ${name}, line ${first}`;
  const listed = more.slice(0, mostListed);
  const last = listed.length < more.length ? "another line" : listed.pop();
  return `in ${name}, line ${[first, ...listed].join(", ")} or ${last} (the builder doesn't report which)`;
}

/** The error for a build that the daemon refused before its first step, or that never reached it. */
export function buildRefusal(error: unknown, dockerfile: DockerfileSource, signal: AbortSignal): Error {
  const status = daemonStatus(error);
  if (signal.aborted || status === undefined)
    return requestFailure("buildFailed", "Can't start the build", error, signal);
  return buildFailure({ words: daemonWords(error), status, dockerfile });
}

const wrapping =
  /^(?:failed to (?:solve(?: with frontend [\w.]+)?|create LLB definition): |rpc error: code = \w+ desc = )+/;

/** BuildKit nests its errors; what matters is what comes after the wrapping. */
function sentence(words: string): string {
  const core = words.trim().replace(wrapping, "");
  return /[.!?]$/.test(core) ? core : `${core}.`;
}
