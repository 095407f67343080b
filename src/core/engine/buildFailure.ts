import { foreignWords } from "../border/foreignWords";
import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError, type ErrorLocation } from "../errors";
import type { DockerfileSource } from "./buildJob";
import { daemonStatus, daemonWords, requestFailure } from "./engineClient";
import type { BuildStep } from "./progressEvent";
import { refusalRemedy } from "./refusalRemedy";
import { inOrder, type WordTest } from "../wordsInOrder";

/** What is known of a build that failed. */
export interface FailedBuild {
  /** The daemon's own words. */
  readonly words: string;
  readonly step?: BuildStep;
  /** What the failed step itself said, where it said more. */
  readonly detail?: string;
  /** The end of what the failed step wrote. */
  readonly output?: string;
  /** Of a daemon that refused the build. */
  readonly status?: number;
  readonly dockerfile: DockerfileSource;
}

const sourceRemedy = "See whether the file is in the folder that is built and whether the ignore file keeps it out.";
const tagRemedy = "See whether the base image has that tag.";
const stageRemedy = "Choose a stage that the Dockerfile has.";

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [/transport is closing|client connection is closing|no active session|(?:^|desc = |solve: )(?:EOF|context canceled)$/i, "The daemon has given up the session with the editor, as it does when the editor does not answer for some 10 seconds or the machine sleeps: build again."],
  [/not found in build context|failed to compute cache key|failed to calculate checksum|no source files were specified/i, sourceRemedy],
  [inOrder(/stat:? /i, /no such file/i), sourceRemedy],
  [/toomanyrequests|: 429 Too Many Requests|HTTP 429 response/i, "The base image's registry limits how often it is asked: wait, or log in to it."],
  [inOrder(/status code|HTTP status|unexpected status/i, /: 5\d\d /i), "The base image's registry has a fault of its own: try again later."],
  [/pull access denied|repository does not exist|unauthorized|no basic auth credentials|denied(?::|$)|: 403 Forbidden/i, "See whether the base image's name is right and whether you are logged in to its registry."],
  [/unknown blob|could not fetch content descriptor/i, "The base image's registry has not all of the base image: have it pushed anew."],
  [/manifest (?:unknown|not found)|: not found$/i, tagRemedy],
  [inOrder(/manifest for /i, / (?:unknown|not found)/i), tagRemedy],
  [/no such host|dial tcp|failed to do request|i\/o timeout|TLS handshake|connection refused|connection reset by peer|(?:Get|Head) "[^"]*": EOF/i, "The daemon could not reach the base image's registry: see whether its name is right and whether the daemon has a network."],
  [inOrder(/network mode /i, / not supported by buildkit/i), 'Choose "default", "host" or "none", or the classic builder, which takes the name of any network.'],
  [inOrder(/target stage /i, / could not be found/i), stageRemedy],
  [inOrder(/target /i, / was not found/i), stageRemedy],
  [/failed to reach build target/i, stageRemedy],
];

/** The error for a build that failed with nothing but words: its place is looked for in them. */
export function buildFailure(failed: FailedBuild): ImageBuilderError {
  const { words, step, detail, dockerfile } = failed;
  const place = locateFailure(dockerfile.text, step?.name, `${words}\n${detail ?? ""}`);
  return buildError({ ...failed, location: place && { file: dockerfile.file, ...place } });
}

/** The error for a failed build: the step, its place in the Dockerfile, the daemon's words and what to do. */
export function buildError({ words, step, detail, output = "", status, dockerfile, location }: FailedBuild & { readonly location?: ErrorLocation }): ImageBuilderError {
  const place = [step && `at "${foreignWords(step.name)}"`, location && `in ${dockerfile.name}, line ${location.line}`].filter(Boolean).join(" ");
  const known = remedies.find(([pattern]) => pattern.test(words) || (detail !== undefined && pattern.test(detail)))?.[1];
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
