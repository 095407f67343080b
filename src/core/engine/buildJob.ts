import { basename, dirname, join } from "node:path";
import type { BuildOptions } from "../builders/buildOptions";
import type { Destination } from "../consent/sourceConsent";
import type { BuildContext } from "../context/buildContext";
import { readRegularFile } from "../context/readRegularFile";
import type { CredentialSource } from "../credentials/credentialSource";
import type { RegistryTokens } from "../credentials/registryTokens";
import type { SecretStore } from "../credentials/secretStore";
import { ImageBuilderError, messageOf, systemCodeOf } from "../errors";
import type { BuildThread } from "../thread/buildThread";
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
  readonly credentials: CredentialSource;
  /** Where tokens come from that the daemon gets in place of passwords. */
  readonly registryTokens?: RegistryTokens;
  /** What the options' `secret` names refer to. */
  readonly secrets?: SecretStore;
}

/** Names the steps of a build as the place that secrets and keys go to. */
export function buildDestination({ client: { endpoint }, context }: Pick<BuildJob, "client" | "context">): Destination {
  return { kind: "build", folder: context.root ?? "", address: endpoint.address, isLocal: endpoint.connection.kind === "socket" };
}

/** The Dockerfile of a build, read once: what is sent is also what failures are located in. */
export interface DockerfileSource {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly text: string;
  /** Whether it is one of the context's extra files, and so on no disk. */
  readonly isExtraFile?: boolean;
}

/**
 * Reads the build's Dockerfile.
 *
 * @throws ImageBuilderError `dockerfileMissing`, naming where it was looked for
 */
export async function readDockerfile(context: BuildContext, options: BuildOptions): Promise<DockerfileSource> {
  const added = options.dockerfile ? undefined : context.getExtraFiles().get("Dockerfile");
  if (added && "content" in added) return { file: "Dockerfile", name: "Dockerfile", bytes: added.content, text: added.content.toString("utf8"), isExtraFile: true };
  // BuildKit takes a lower-case file, podman a Containerfile, where there is no Dockerfile.
  const candidates = options.dockerfile
    ? [options.dockerfile]
    : ["Dockerfile", "dockerfile", "Containerfile"].map((name) => join(context.root ?? ".", name));
  for (const file of candidates) {
    try {
      const bytes = readRegularFile(file)?.bytes;
      if (!bytes) throw new ImageBuilderError("dockerfileMissing", `The Dockerfile "${file}" is not a file: choose another one.`);
      return { file, name: basename(file), bytes, text: bytes.toString("utf8") };
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") continue;
      if (ImageBuilderError.is(error)) throw error;
      throw new ImageBuilderError("dockerfileMissing", `The Dockerfile "${file}" cannot be read: ${messageOf(error)}.`, { cause: error });
    }
  }
  const [first = ""] = candidates;
  throw new ImageBuilderError(
    "dockerfileMissing",
    options.dockerfile
      ? `There is no Dockerfile at "${first}": choose another one.`
      : `There is no Dockerfile in "${dirname(first)}": create one or choose a Dockerfile from elsewhere.`,
  );
}

/** From how many files on Docker's classic builder takes some 10 s, for its time grows with their square: two minutes for 100,000. */
export const manyFiles = 20_000;

/** The platforms to build for; none means the daemon's own. */
export function platformsOf({ platform }: BuildOptions): string[] {
  return platform?.split(",") ?? [];
}

/** The images that a build may take its cache from. */
export function cacheImages({ cacheFrom }: BuildOptions): string[] | undefined {
  return cacheFrom?.map((entry) => entry.replace(/^type=registry,ref=/, ""));
}

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
