import { locateFailure } from "../dockerfile/locateFailure";
import { ImageBuilderError } from "../errors";
import type { DockerfileSource } from "./buildJob";
import { daemonStatus, daemonWords, requestFailure } from "./engineClient";
import type { BuildStep } from "./progressEvent";

/** What is known of a build that failed. */
export interface FailedBuild {
  /** The daemon's own words. */
  readonly words: string;
  readonly step?: BuildStep;
  /** What the failed step itself said, where it said more. */
  readonly detail?: string;
  readonly dockerfile: DockerfileSource;
}

const remedies: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/transport is closing|client connection is closing|no active session/i, "The daemon has given up the session with the editor, as it does when the editor does not answer for some 10 seconds or the machine sleeps: build again."],
  [/no space left on device/i, "Free space on the daemon's disk, for example by removing images and build cache that are no longer needed."],
  [/not found in build context|failed to compute cache key|failed to calculate checksum|no source files were specified|l?stat:? .*no such file/i,
    "See whether the file is in the folder that is built and whether the ignore file keeps it out."],
  [/pull access denied|repository does not exist|unauthorized|no basic auth credentials|denied:/i, "See whether the base image's name is right and whether you are logged in to its registry."],
  [/manifest (?:for .* )?(?:unknown|not found)|: not found$/i, "See whether the base image has that tag."],
  [/no such host|dial tcp|failed to do request|i\/o timeout|TLS handshake|connection refused/i, "The daemon could not reach the base image's registry: see whether its name is right and whether the daemon has a network."],
  [/target stage .* could not be found|target .* was not found|failed to reach build target/i, "Choose a stage that the Dockerfile has."],
];

/** The error for a failed build: the step, its place in the Dockerfile, the daemon's words and what to do. */
export function buildFailure({ words, step, detail, dockerfile }: FailedBuild): ImageBuilderError {
  const location = locateFailure(dockerfile.text, step?.name, `${words}\n${detail ?? ""}`);
  const place = [step && `at "${step.name.replace(/\s+/g, " ")}"`, location && `in ${dockerfile.name}, line ${location.line}`].filter(Boolean).join(" ");
  const remedy = remedies.find(([pattern]) => pattern.test(words) || (detail !== undefined && pattern.test(detail)))?.[1];
  return new ImageBuilderError("buildFailed", `The build failed${place && ` ${place}`}: ${sentence(words)}${remedy ? ` ${remedy}` : ""}`, {
    location: location && { file: dockerfile.file, ...location },
  });
}

/** The error for a build that the daemon refused before its first step, or that never reached it. */
export function buildRefusal(error: unknown, dockerfile: DockerfileSource, signal: AbortSignal): Error {
  if (signal.aborted || daemonStatus(error) === undefined) return requestFailure("buildFailed", "The build could not be started", error, signal);
  return buildFailure({ words: daemonWords(error), dockerfile });
}

/** BuildKit nests its errors; what matters is what comes after the wrapping. */
function sentence(words: string): string {
  const core = words.trim().replace(/^(?:failed to solve(?: with frontend [\w.]+)?: |failed to create LLB definition: |rpc error: code = \w+ desc = )+/g, "");
  return /[.!?]$/.test(core) ? core : `${core}.`;
}
