import { foreignWords } from "../border/foreignWords";
import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError, type ErrorLocation } from "../errors";
import type { DockerfileSource } from "./buildJob";
import { lostSession, sessionRemedy, sourceRemedy, stageRemedy } from "./buildkitRemedy";
import { daemonStatus, daemonWords, requestFailure } from "./engineClient";
import { imageRemedy } from "./imageRemedy";
import type { BuildStep } from "./progressEvent";
import { refusalRemedy } from "./refusalRemedy";
import { inOrder, type WordTest } from "../wordsInOrder";

/** What is known of a build that failed. */
export interface FailedBuild {
  /** The daemon's own words. */
  readonly words: string;
  readonly step?: BuildStep;
  /** The end of what the failed step wrote. */
  readonly output?: string;
  /** Of a daemon that refused the build. */
  readonly status?: number;
  readonly dockerfile: DockerfileSource;
}

/** The same with its place and with what to do about it, as far as they are known. */
export interface LocatedFailure extends FailedBuild {
  readonly location?: ErrorLocation;
  readonly remedy?: string;
}

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
  const { words, step, dockerfile } = failed;
  const place = locateFailure(dockerfile.text, step?.name, words);
  const remedy = remedies.find(([test]) => test.test(words))?.[1] ?? imageRemedy(words);
  return buildError({ ...failed, location: place && { file: dockerfile.file, ...place }, remedy });
}

/** The error for a failed build: the step, its place in the Dockerfile, the daemon's words and what to do. */
export function buildError({ words, step, output = "", status, dockerfile, location, remedy: known }: LocatedFailure): ImageBuilderError {
  const place = [step && `at "${foreignWords(step.name)}"`, location && `in ${dockerfile.name}, line ${location.line}`].filter(Boolean).join(" ");
  const remedy = refusalRemedy(`${words}\n${output}`, undefined) ?? known ?? refusalRemedy(words, status);
  return new ImageBuilderError("buildFailed", `The build failed${place && ` ${place}`}: ${sentence(words)}${remedy ? ` ${remedy}` : ""}`, { location });
}

/** The error for a build that the daemon refused before its first step, or that never reached it. */
export function buildRefusal(error: unknown, dockerfile: DockerfileSource, signal: AbortSignal): Error {
  const status = daemonStatus(error);
  if (signal.aborted || status === undefined) return requestFailure("buildFailed", "The build could not be started", error, signal);
  return buildFailure({ words: daemonWords(error), status, dockerfile });
}

/** BuildKit nests its errors; what matters is what comes after the wrapping. */
function sentence(words: string): string {
  const core = words.trim().replace(/^(?:failed to solve(?: with frontend [\w.]+)?: |failed to create LLB definition: |rpc error: code = \w+ desc = )+/g, "");
  return /[.!?]$/.test(core) ? core : `${core}.`;
}
