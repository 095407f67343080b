import { cacheImages } from "../base/buildTargets";
import type { BuildOptions } from "../base/buildOptions";
import type { Destination } from "../base/sourceConsent";
import type { BuildContext } from "../context/files/buildContext";
import type { CredentialSource } from "../credentials/credentialSource";
import type { RegistryTokens } from "../credentials/registryTokens";
import type { SecretStore } from "../credentials/secretStore";
import type { BuildThread } from "../worker/buildThread";
import type { BuildEnvironment } from "./buildEnvironment";
import type { EngineClient, Query } from "./engineClient";
import type { EngineIdentity } from "./probe";

/** One build as a daemon gets it. */
export interface BuildJob {
  readonly client: EngineClient;
  readonly thread: BuildThread;
  readonly engineInfo: EngineIdentity;
  /** Full names with tags; the first is the image's own. */
  readonly imageNames: readonly string[];
  readonly context: BuildContext;
  readonly options: BuildOptions;
  /** What the user's surroundings add to the options. */
  readonly environment?: BuildEnvironment;
  readonly credentials: CredentialSource;
  /** Where tokens come from that the daemon gets in place of passwords. */
  readonly registryTokens?: RegistryTokens;
  /** What the options' `secret` names refer to. */
  readonly secrets?: SecretStore;
}

/** Names the steps of a build as the place that secrets and keys go to. */
export function buildDestination({ client: { endpoint }, context }: Pick<BuildJob, "client" | "context">): Destination {
  return {
    kind: "build",
    folder: context.root ?? "",
    address: endpoint.address,
    isLocal: endpoint.connection.kind === "socket",
  };
}

/**
 * From how many files on Docker's classic builder takes some 10 s, for its time grows with their square: two minutes
 * for 100,000.
 */
export const manyFiles = 20_000;

/** The query parameters of a classic build. */
export function buildQuery(imageNames: readonly string[], options: BuildOptions): Query {
  return {
    t: imageNames,
    buildargs: options.buildArgs,
    labels: options.labels,
    target: options.target,
    platform: options.platform,
    networkmode: options.networkMode,
    // The daemon wants this list as JSON where it takes others by repeated keys.
    cachefrom: options.cacheFrom && JSON.stringify(cacheImages(options)),
    extrahosts: options.extraHosts?.map((entry) => entry.replace("=", ":")),
    nocache: options.noCache,
    pull: options.pull ? "1" : undefined,
    squash: options.squash,
    shmsize: options.shmSizeBytes,
    ulimits: options.ulimits && JSON.stringify(options.ulimits.map(parseUlimit)),
    memory: options.memoryBytes,
    memswap: options.memorySwapBytes,
    cpushares: options.cpuShares,
    cpusetcpus: options.cpuSetCpus,
    isolation: options.isolation,
    // Else every failed step leaves its container behind.
    rm: true,
    forcerm: true,
  };
}

function parseUlimit(text: string): { readonly Name: string; readonly Soft: number; readonly Hard: number } {
  const [, Name = "", soft = "", hard = soft] = /^([^=]*)=([^:]*)(?::(.*))?$/.exec(text) ?? [];
  return { Name, Soft: Number(soft), Hard: Number(hard) };
}
