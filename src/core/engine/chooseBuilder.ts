import type { BuildOptions } from "../base/buildOptions";
import { platformsOf } from "../base/buildTargets";
import { ImageBuilderError } from "../base/errors";
import { namesHostGateway } from "./hostGateway";
import { isOlder, type EngineIdentity } from "./probe";

/** Options that BuildKit in dockerd ignores. */
const classicOnly = [
  "squash",
  "memoryBytes",
  "memorySwapBytes",
  "cpuShares",
  "cpuSetCpus",
  "isolation",
] as const satisfies readonly (keyof BuildOptions)[];

/** Options that BuildKit in dockerd supports from Docker 23 on. */
const newerOnly = ["shmSizeBytes", "ulimits"] as const satisfies readonly (keyof BuildOptions)[];
const newerApiVersion = "1.42";

/**
 * API version of Docker 19.03, the first daemon with BuildKit's own API: in Docker 18.09, BuildKit is only available
 * through `POST /build`.
 */
const buildkitApiVersion = "1.40";

/** Options that only BuildKit supports. */
const buildkitOnly = [
  "secrets",
  "ssh",
  "output",
  "cacheTo",
  "noCacheFilter",
  "buildContexts",
] as const satisfies readonly (keyof BuildOptions)[];

/**
 * Chooses the daemon's builder for a build: the requested one, otherwise BuildKit if the daemon has it and it supports
 * all options.
 *
 * @throws ImageBuilderError `optionInvalid` if the requested builder is not available, or if no available builder
 * supports all options
 */
export function chooseBuilder(options: BuildOptions, engineInfo: EngineIdentity): "buildkit" | "classic" {
  const hasBuildkit = engineInfo.buildkit && !isOlder(engineInfo.apiVersion, buildkitApiVersion);
  const engine = `${engineInfo.product} ${engineInfo.version}`;
  const ignored = ignoredByBuildkit(options, engineInfo);
  const needed: string[] = buildkitOnly.filter((name) => isSet(options[name]));
  if (platformsOf(options).length > 1) needed.push("multiple platforms");
  const wanted = options.builder ?? "auto";
  if (wanted === "buildkit" && !hasBuildkit)
    throw invalid(`${engine} has no BuildKit. Choose the builder "auto" or "classic"`);
  if (wanted === "buildkit" && ignored.length > 0)
    throw invalid(`BuildKit ignores ${ignored.join(", ")}. Remove the option, or choose the builder "classic"`);
  if (wanted === "buildkit" || (wanted === "auto" && hasBuildkit && ignored.length === 0)) return "buildkit";
  if (needed.length === 0) return "classic";
  if (wanted === "classic")
    throw invalid(
      `The classic builder doesn't support ${needed.join(", ")}. Remove the option, or choose the builder "auto"`,
    );
  if (!hasBuildkit)
    throw invalid(`${engine} has no BuildKit, which is required for ${needed.join(", ")}. Remove the option`);
  throw invalid(`No builder supports ${needed.join(", ")} together with ${ignored.join(", ")}. Remove one of them`);
}

/**
 * Refuses options that a BuildKit daemon without Docker ignores or can't fulfill.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function refuseOptionsOfDocker(options: BuildOptions, engineInfo: EngineIdentity): void {
  const ignored = ignoredByBuildkit(options, engineInfo);
  if (options.builder === "classic")
    throw invalid('A BuildKit daemon has no classic builder. Choose the builder "auto" or "buildkit"');
  if (ignored.length > 0) throw invalid(`BuildKit ignores ${ignored.join(", ")}. Remove the option`);
  if (namesHostGateway(options))
    throw invalid('Only Docker knows the address of "host-gateway" in extraHosts. Enter the IP address of the host');
}

/** Returns the names of the given options that a daemon's BuildKit ignores. */
export function ignoredByBuildkit(options: BuildOptions, { apiVersion }: EngineIdentity): string[] {
  const ignored = isOlder(apiVersion, newerApiVersion) ? [...classicOnly, ...newerOnly] : classicOnly;
  return ignored.filter((name) => isSet(options[name]));
}

function isSet(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== false;
}

function invalid(what: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", `${what}.`);
}
