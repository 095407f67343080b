import type { Duplex, Readable } from "node:stream";
import { isIP } from "node:net";
import type Docker from "dockerode";
import { readBody } from "../border/readBody";
import type { Credentials } from "../credentials/credentialSource";
import { checkedImageId } from "../base/digest";
import { answerOf, askDaemon, type AskDaemon, type Called, type DockerFor } from "./askDaemon";
import { authConfigOf } from "./authConfig";
import { DaemonImages } from "./daemonImages";
import {
  distributionSchema,
  historySchema,
  imageSchema,
  networkSchema,
  settingsSchema,
} from "../transport/daemonAnswers";
import type { TracedLayer } from "../operation/buildTrace";
import { daemonAt } from "../transport/daemonName";
import type { Endpoint } from "../transport/endpoint";
import { daemonStatus, requestFailure } from "./requestFailure";
import { usualPulse, type Pulse } from "./heartbeat";
import { isInsecureRegistry } from "./insecureRegistries";
import { EngineAgent } from "../transport/transport";
import { upgrade } from "../transport/upgrade";

/** Query parameters of the Engine API; objects are sent as JSON, arrays as repeated keys. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>
>;

/** Method that dockerode's types lack. */
interface WithArchives {
  getImages(options: { readonly names: readonly string[] }): Called;
}

const maxPingBytes = 4096;

/**
 * Client of one daemon's Engine API, through dockerode. Streaming responses are returned as they are: the reader
 * handles errors in them.
 */
export class EngineClient {
  /** Images that the daemon has. */
  readonly images: DaemonImages;
  readonly #ask: AskDaemon;

  constructor(
    private readonly docker: DockerFor,
    private readonly agent: EngineAgent,
    readonly endpoint: Endpoint,
    readonly pulse: Pulse = usualPulse,
  ) {
    this.#ask = askDaemon(docker, endpoint);
    this.images = new DaemonImages(docker, this.#ask);
  }

  /** Starts a build with the classic builder. */
  async build(
    query: Query,
    body: Readable,
    signal: AbortSignal,
    registryLogins?: Readonly<Record<string, object>>,
  ): Promise<Readable> {
    const options = {
      // Dockerode would send an undefined parameter as an empty one.
      ...Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
      // Dockerode encodes this header as plain base64, which the daemon doesn't accept.
      ...(registryLogins && { registryconfig: { base64: urlSafeBase64(registryLogins) } }),
    };
    return answerOf(this.docker(signal).buildImage(body, options as Docker.ImageBuildOptions));
  }

  /** Upgrades a connection to BuildKit's own API. */
  async openBuildkit(signal: AbortSignal): Promise<Duplex> {
    return upgrade(this.agent, "/grpc", {}, signal);
  }

  /** Starts to push one tag. */
  async push(
    repository: string,
    tag: string,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Readable> {
    const options = { tag, authconfig: authConfig(credentials) };
    return answerOf(this.docker(signal).getImage(repository).push(options));
  }

  /** Whether the daemon responds; a refusal counts as a response. Never throws. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await answerOf(this.docker(signal).ping());
      // Read to the end so that the connection can be reused; not awaited, because the response may never end.
      void readBody(answer, maxPingBytes).catch(() => undefined);
      return true;
    } catch (error) {
      return daemonStatus(error) !== undefined;
    }
  }

  /**
   * Starts to pull one image.
   *
   * @param imageName name with a tag or a digest
   */
  async pull(imageName: string, credentials: Credentials | undefined, signal: AbortSignal): Promise<Readable> {
    return answerOf(this.docker(signal).pull(imageName, { authconfig: authConfig(credentials) }));
  }

  /** Returns the digests under which registries know an image, each as `name@sha256:…`, as reported by the daemon. */
  async repoDigests(imageName: string, signal: AbortSignal): Promise<string[]> {
    return (await this.#image(imageName, signal)).RepoDigests ?? [];
  }

  /** Returns the daemon's id of an image, `sha256:…`. */
  async imageId(imageName: string, signal: AbortSignal): Promise<string> {
    return checkedImageId((await this.#image(imageName, signal)).Id, daemonAt(this.endpoint));
  }

  /** Returns the size of an image of the daemon in bytes; undefined if the daemon doesn't report it. */
  async imageSize(imageName: string, signal: AbortSignal): Promise<number | undefined> {
    return (await this.#image(imageName, signal)).Size;
  }

  /** The user that an image of the daemon runs as, as its configuration says; empty for root. */
  async imageUser(imageName: string, signal: AbortSignal): Promise<string> {
    return (await this.#image(imageName, signal)).Config?.User ?? "";
  }

  /** Returns the ports that an image of the daemon exposes, such as `80/tcp`, sorted by number. */
  async exposedPorts(imageName: string, signal: AbortSignal): Promise<string[]> {
    const { Config } = await this.#image(imageName, signal);
    const ports = Object.keys(Config?.ExposedPorts ?? {}).filter((port) => /^\d{1,5}\/(tcp|udp|sctp)$/.test(port));
    return ports.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  }

  /** Returns the layers that an image of the daemon has, with their sizes, the first of the image first. */
  async layerSizes(imageName: string, signal: AbortSignal): Promise<TracedLayer[]> {
    const history = (docker: Docker): Called => docker.getImage(imageName).history();
    const entries = await this.#ask(history, "image history", historySchema, signal);
    return entries.map(({ CreatedBy, Size }) => ({ createdBy: CreatedBy ?? "", sizeBytes: Size ?? 0 })).reverse();
  }

  /**
   * Whether images are in the containerd image store; only this store keeps several platforms and has BuildKit's
   * exporters.
   */
  async hasContainerdStore(signal: AbortSignal): Promise<boolean> {
    const { DriverStatus } = await this.#settings(signal);
    return DriverStatus?.some(([, value]) => value === "io.containerd.snapshotter.v1") ?? false;
  }

  /** Returns the images as one archive, as `docker save` does. */
  async saveImages(imageNames: readonly string[], signal: AbortSignal): Promise<Readable> {
    const docker = this.docker(signal) as Docker & WithArchives;
    return answerOf(docker.getImages({ names: imageNames }));
  }

  /** Whether the daemon connects to a registry without verified TLS, because of its `insecure-registries`. */
  async isInsecureRegistry(host: string, signal: AbortSignal): Promise<boolean> {
    const { RegistryConfig } = await this.#settings(signal);
    return isInsecureRegistry(RegistryConfig ?? {}, host);
  }

  /** Returns the host's addresses in the default network of containers. */
  async bridgeGateways(signal: AbortSignal): Promise<string[]> {
    const inspect = (docker: Docker): Called => docker.getNetwork("bridge").inspect();
    const { IPAM } = await this.#ask(inspect, "network description", networkSchema, signal);
    return IPAM?.Config?.flatMap(({ Gateway }) => (isIP(Gateway ?? "") ? [Gateway ?? ""] : [])) ?? [];
  }

  /**
   * Returns the manifest digest that the registry reports for a name, requested through the daemon; not validated yet.
   */
  async registryDigest(
    imageName: string,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const ask = (docker: Docker): Called =>
      docker.getImage(imageName).distribution({ authconfig: authConfig(credentials) });
    return (
      (await this.#ask(ask, "image description from the registry", distributionSchema, signal)).Descriptor?.digest ??
      undefined
    );
  }

  #image(imageName: string, signal: AbortSignal) {
    const inspect = (docker: Docker): Called => docker.getImage(imageName).inspect();
    return this.#ask(inspect, "image description", imageSchema, signal);
  }

  /** Reads the daemon's settings. @throws ImageBuilderError `daemonLost`, `daemonFailed` */
  async #settings(signal: AbortSignal) {
    try {
      return await this.#ask((docker) => docker.info(), "daemon description", settingsSchema, signal);
    } catch (error) {
      throw requestFailure("daemonLost", "Can't get the daemon description from the Docker daemon", error, signal);
    }
  }
}

/** Loads dockerode and creates the client of one daemon. */
export async function openEngineClient(endpoint: Endpoint, pulse?: Pulse): Promise<EngineClient> {
  const agent = new EngineAgent(endpoint);
  return new EngineClient(await openDocker(agent), agent, endpoint, pulse);
}

/** Loads dockerode, set up to send all requests through an agent. */
export async function openDocker(agent: EngineAgent): Promise<DockerFor> {
  const [{ default: Dockerode }, { dockerModem }] = await Promise.all([import("dockerode"), import("./dockerModem")]);
  return (signal) => new Dockerode({ modem: dockerModem(agent, signal) } as Docker.DockerOptions);
}

/**
 * Returns dockerode's input for `X-Registry-Auth`. Without credentials, an empty object, because daemons refuse a push
 * without the header.
 */
function authConfig(credentials: Credentials | undefined): Docker.AuthConfig {
  // Dockerode's type only knows user names and passwords.
  return (credentials ? authConfigOf(credentials) : {}) as Docker.AuthConfig;
}

function urlSafeBase64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
