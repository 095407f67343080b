import { foreignWords } from "../border/foreignWords";
import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError } from "../errors";
import type { DockerfileSource } from "./buildJob";
import { daemonStatus, daemonWords, requestFailure } from "./engineClient";
import type { BuildStep } from "./progressEvent";
import { refusalRemedy } from "./refusalRemedy";

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

const remedies: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/transport is closing|client connection is closing|no active session|(?:^|desc = |solve: )(?:EOF|context canceled)$/i, "The daemon has given up the session with the editor, as it does when the editor does not answer for some 10 seconds or the machine sleeps: build again."],
  [/not found in build context|failed to compute cache key|failed to calculate checksum|no source files were specified|l?stat:? .*no such file/i,
    "See whether the file is in the folder that is built and whether the ignore file keeps it out."],
  [/toomanyrequests|: 429 Too Many Requests|HTTP 429 response/i, "The base image's registry limits how often it is asked: wait, or log in to it."],
  [/(?:status code|HTTP status|unexpected status).*: 5\d\d /i, "The base image's registry has a fault of its own: try again later."],
  [/pull access denied|repository does not exist|unauthorized|no basic auth credentials|denied(?::|$)|: 403 Forbidden/i, "See whether the base image's name is right and whether you are logged in to its registry."],
  [/unknown blob|could not fetch content descriptor/i, "The base image's registry has not all of the base image: have it pushed anew."],
  [/manifest (?:for .* )?(?:unknown|not found)|: not found$/i, "See whether the base image has that tag."],
  [/no such host|dial tcp|failed to do request|i\/o timeout|TLS handshake|connection refused|connection reset by peer|(?:Get|Head) "[^"]*": EOF/i, "The daemon could not reach the base image's registry: see whether its name is right and whether the daemon has a network."],
  [/network mode .* not supported by buildkit/i, 'Choose "default", "host" or "none", or the classic builder, which takes the name of any network.'],
  [/target stage .* could not be found|target .* was not found|failed to reach build target/i, "Choose a stage that the Dockerfile has."],
];

/** The error for a failed build: the step, its place in the Dockerfile, the daemon's words and what to do. */
export function buildFailure({ words, step, detail, output = "", status, dockerfile }: FailedBuild): ImageBuilderError {
  const location = locateFailure(dockerfile.text, step?.name, `${words}\n${detail ?? ""}`);
  const place = [step && `at "${foreignWords(step.name)}"`, location && `in ${dockerfile.name}, line ${location.line}`].filter(Boolean).join(" ");
  const known = remedies.find(([pattern]) => pattern.test(words) || (detail !== undefined && pattern.test(detail)))?.[1];
  const remedy = refusalRemedy(`${words}\n${output}`, undefined) ?? known ?? refusalRemedy(words, status);
  return new ImageBuilderError("buildFailed", `The build failed${place && ` ${place}`}: ${sentence(words)}${remedy ? ` ${remedy}` : ""}`, {
    location: location && { file: dockerfile.file, ...location },
  });
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
