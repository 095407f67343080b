import { outlineDockerfile } from "../dockerfile/dockerfile";
import type { Instruction } from "../dockerfile/instruction";
import { mountsIn } from "../dockerfile/mountOptions";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import type { BuildOptions } from "../base/buildOptions";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { imageRemedy } from "./imageRemedy";

/** Facts about a BuildKit failure that determine the remedy. */
export interface BuildkitFacts {
  readonly words: string;
  /** Exit code of the command that a RUN ran. */
  readonly exitCode?: number;
  /** Name of the failed step; undefined if no step failed, as for a Dockerfile that can't be parsed. */
  readonly stepName?: string;
  /** Instruction at the location that BuildKit reports. */
  readonly instruction?: Instruction;
  readonly dockerfile: DockerfileSource;
  readonly options: Pick<BuildOptions, "target">;
}

export const sessionRemedy =
  "The daemon closed the session with the editor. " +
  "This happens when the editor doesn't respond for about 10 seconds or the machine sleeps. Build again.";
export const sourceRemedy = "Check that the file is in the build context and that the ignore file doesn't exclude it.";
const remoteRemedy = "Check that the address is correct and that the daemon can reach it.";
export const stageRemedy = "Choose a stage that exists in the Dockerfile.";

/** Messages about connections. A RUN that failed may print them too, and is handled before. */
export const lostSession =
  /transport is closing|client connection is closing|no active session|(?:^|desc = |solve: )(?:EOF|context canceled)$/i;

/**
 * Returns what to do about a failure. Its kind follows from the failed step, its instruction, and its exit code; words
 * only select within the kind.
 */
export function buildkitRemedy(facts: BuildkitFacts): string | undefined {
  const { words, exitCode, stepName, instruction, dockerfile, options } = facts;
  if (exitCode !== undefined) return undefined;
  if (lostSession.test(words)) return sessionRemedy;
  if (stepName === undefined) return lacksTarget(dockerfile, options) ? stageRemedy : undefined;
  switch (/^(?:\[[^\]]*\] )?(?:ONBUILD )?(COPY|ADD|RUN|WORKDIR) /.exec(stepName)?.[1]) {
    case "ADD":
      if (/ [a-z]+:\/\//i.test(stepName)) return remoteRemedy;
      return copyRemedy(words, instruction, dockerfile);
    case "COPY":
      return copyRemedy(words, instruction, dockerfile);
    case "RUN":
      return mountRemedy(words, instruction, dockerfile);
    case "WORKDIR":
      return undefined;
    default:
      return imageRemedy(words);
  }
}

function lacksTarget({ text }: DockerfileSource, { target }: Pick<BuildOptions, "target">): boolean {
  return target !== undefined && !isStage(target, text);
}

/** Whether a Dockerfile has a stage with that name or number. */
function isStage(name: string, text: string): boolean {
  if (!/^\d+$/.test(name)) return outlineDockerfile(text).stages.includes(name.toLowerCase());
  const stages = parseDockerfile(text)?.instructions.filter(({ keyword }) => keyword === "FROM") ?? [];
  return Number(name) < stages.length;
}

function copyRemedy(
  words: string,
  instruction: Instruction | undefined,
  dockerfile: DockerfileSource,
): string | undefined {
  if (!/not found|no such file|no source files/i.test(words)) return undefined;
  return missingFileRemedy(instruction?.flag("from")?.value, dockerfile);
}

function mountRemedy(
  words: string,
  instruction: Instruction | undefined,
  dockerfile: DockerfileSource,
): string | undefined {
  const mounts = mountsIn(instruction?.flags ?? [], (word) => word);
  const missing = mounts.find(
    ({ type, source }) => type === "bind" && source !== "" && words.includes(`"/${source.replace(/^\.?\/+/, "")}"`),
  );
  if (missing) return missingFileRemedy(missing.from, dockerfile);
  if (!mounts.some(({ type }) => type === "secret") || !/\bsecret\b/.test(words)) return undefined;
  return (
    'Set a source for the secret under "Secrets" in "More Options..." or in the setting ' +
    '"imageBuilders.buildSecrets".'
  );
}

function missingFileRemedy(from: string | undefined, { text }: DockerfileSource): string {
  if (from === undefined) return sourceRemedy;
  return `Check that the ${isStage(from, text) ? "stage" : "image"} "${from}" contains that file.`;
}
