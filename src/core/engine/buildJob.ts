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

/** Build as it is passed to a daemon. */
export interface BuildJob {
  readonly client: EngineClient;
  readonly thread: BuildThread;
  readonly engineInfo: EngineIdentity;
  /** Full names with tags; the first is the image's main name. */
  readonly imageNames: readonly string[];
  readonly context: BuildContext;
  readonly options: BuildOptions;
  /** Settings that the user's environment adds to the options. */
  readonly environment?: BuildEnvironment;
  readonly credentials: CredentialSource;
  /** Source of the tokens that the daemon gets instead of passwords. */
  readonly registryTokens?: RegistryTokens;
  /** Store that the options' `secret` names refer to. */
  readonly secrets?: SecretStore;
}

/** Returns the build as a destination of secrets and keys. */
export function buildDestination({ client: { endpoint }, context }: Pick<BuildJob, "client" | "context">): Destination {
  return {
    kind: "build",
    folder: context.root ?? "",
    address: endpoint.address,
    isLocal: endpoint.connection.kind === "socket",
  };
}

/**
 * Number of files from which Docker's classic builder takes about 10 s; its time grows with the square: two minutes for
 * 100,000.
 */
export const manyFiles = 20_000;

/** Returns the query parameters of a classic build. */
export function buildQuery(imageNames: readonly string[], options: BuildOptions): Query {
  return {
    t: imageNames,
    buildargs: options.buildArgs,
    labels: options.labels,
    target: options.target,
    platform: options.platform,
    networkmode: options.networkMode,
    // The daemon expects this list as JSON, although it accepts others as repeated keys.
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
    // Without this, every failed step leaves its container behind.
    rm: true,
    forcerm: true,
  };
}

function parseUlimit(text: string): { readonly Name: string; readonly Soft: number; readonly Hard: number } {
  const [, Name = "", soft = "", hard = soft] = /^([^=]*)=([^:]*)(?::(.*))?$/.exec(text) ?? [];
  return { Name, Soft: Number(soft), Hard: Number(hard) };
}
