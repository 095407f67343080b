import type { Duplex, Readable } from "node:stream";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type Docker from "dockerode";
import type { ZodType } from "zod";
import { readAnswer } from "../border/readAnswer";
import { readBody } from "../border/readBody";
import type { Credentials } from "../credentials/credentialSource";
import { checkedImageId } from "../base/digest";
import { ImageBuilderError, messageOf, type ErrorCode } from "../base/errors";
import { authConfigOf } from "./authConfig";
import { brokenConnection } from "../transport/brokenConnection";
import {
  daemonAt,
  daemonBorder,
  distributionSchema,
  imageSchema,
  networkSchema,
  settingsSchema,
} from "../transport/daemonAnswers";
import type { Endpoint } from "../transport/endpoint";
import { usualPulse, type Pulse } from "./heartbeat";
import { isInsecureRegistry } from "./insecureRegistries";
import { EngineAgent } from "../transport/transport";
import { refusalRemedy } from "./refusalRemedy";
import { upgrade } from "../transport/upgrade";

/** Query parameters of the Engine API; objects are sent as JSON, arrays by repeating the key. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>
>;

/** Makes a dockerode whose calls end with a signal. */
type DockerFor = (signal: AbortSignal) => Docker;

/** What a method of dockerode returns: its types tell what its own modem would make of an answer. */
type Called = Promise<unknown>;

/** What dockerode's types leave out. */
interface WithArchives {
  getImages(options: { readonly names: readonly string[] }): Called;
}

/**
 * Answers that are read whole: those of a real daemon are some kilobytes, and come at once or after it has asked a
 * registry.
 */
const maxAnswerBytes = 4 * 2 ** 20;
const answerTimeoutMs = 60_000;
const maxPingBytes = 4096;

/**
 * The Engine API of one daemon, by dockerode's methods. Answers that stream are handed out as they come: errors in them
 * are the reader's.
 */
export class EngineClient {
  constructor(
    private readonly docker: DockerFor,
    private readonly agent: EngineAgent,
    readonly endpoint: Endpoint,
    readonly pulse: Pulse = usualPulse,
  ) {}

  /** Starts a build by the classic builder. */
  async build(
    query: Query,
    body: Readable,
    signal: AbortSignal,
    registryLogins?: Readonly<Record<string, object>>,
  ): Promise<Readable> {
    const options = {
      // dockerode would send an undefined parameter as an empty one.
      ...Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
      // dockerode's own encoding of this header is plain base64, which the daemon does not understand.
      ...(registryLogins && { registryconfig: { base64: urlSafeBase64(registryLogins) } }),
    };
    return answerOf(this.docker(signal).buildImage(body, options as Docker.ImageBuildOptions));
  }

  /** Upgrades a connection to BuildKit's own API. */
  async openBuildkit(signal: AbortSignal): Promise<Duplex> {
    return upgrade(this.agent, "/grpc", {}, signal);
  }

  /** Starts the push of one tag. */
  async push(
    repository: string,
    tag: string,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Readable> {
    const options = { tag, authconfig: authConfig(credentials) };
    return answerOf(this.docker(signal).getImage(repository).push(options));
  }

  /** Whether the daemon gives a sign of life; a refusal is one, too. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await answerOf(this.docker(signal).ping());
      // Read to its end, so that the connection serves again; it need not have one.
      void readBody(answer, maxPingBytes).catch(() => undefined);
      return true;
    } catch (error) {
      return daemonStatus(error) !== undefined;
    }
  }

  /**
   * Starts the pull of one image.
   *
   * @param imageName with a tag or a digest
   */
  async pull(imageName: string, credentials: Credentials | undefined, signal: AbortSignal): Promise<Readable> {
    return answerOf(this.docker(signal).pull(imageName, { authconfig: authConfig(credentials) }));
  }

  /** The digests under which registries know an image, `name@sha256:…` each, as the daemon tells them. */
  async repoDigests(imageName: string, signal: AbortSignal): Promise<string[]> {
    return (await this.#image(imageName, signal)).RepoDigests ?? [];
  }

  /** The daemon's id of an image, `sha256:…`. */
  async imageId(imageName: string, signal: AbortSignal): Promise<string> {
    return checkedImageId((await this.#image(imageName, signal)).Id, daemonAt(this.endpoint));
  }

  /** The user that an image of the daemon runs as, as its configuration says; empty for root. */
  async imageUser(imageName: string, signal: AbortSignal): Promise<string> {
    return (await this.#image(imageName, signal)).Config?.User ?? "";
  }

  /** Whether images are in containerd's store, which alone keeps several platforms and has BuildKit's exporters. */
  async hasContainerdStore(signal: AbortSignal): Promise<boolean> {
    const { DriverStatus } = await this.#settings(signal);
    return DriverStatus?.some(([, value]) => value === "io.containerd.snapshotter.v1") ?? false;
  }

  /** The images as one archive, as `docker save` writes it. */
  async saveImages(imageNames: readonly string[], signal: AbortSignal): Promise<Readable> {
    const docker = this.docker(signal) as Docker & WithArchives;
    return answerOf(docker.getImages({ names: imageNames }));
  }

  /** Whether the daemon speaks to a registry without verified TLS, by its `insecure-registries`. */
  async isInsecureRegistry(host: string, signal: AbortSignal): Promise<boolean> {
    const { RegistryConfig } = await this.#settings(signal);
    return isInsecureRegistry(RegistryConfig ?? {}, host);
  }

  /** The addresses of the host in the network that containers have by default. */
  async bridgeGateways(signal: AbortSignal): Promise<string[]> {
    const inspect = (docker: Docker): Called => docker.getNetwork("bridge").inspect();
    const { IPAM } = await this.#ask(inspect, "network description", networkSchema, signal);
    return IPAM?.Config?.flatMap(({ Gateway }) => (isIP(Gateway ?? "") ? [Gateway ?? ""] : [])) ?? [];
  }

  /** The manifest digest that the registry itself tells for a name, asked through the daemon; it is not checked yet. */
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

  /** @throws ImageBuilderError `daemonLost`, `daemonFailed` */
  async #settings(signal: AbortSignal) {
    try {
      return await this.#ask((docker) => docker.info(), "daemon description", settingsSchema, signal);
    } catch (error) {
      throw requestFailure("daemonLost", "Can't read the Docker daemon's settings", error, signal);
    }
  }

  /**
   * Reads an answer in bounded size and time.
   *
   * @throws ImageBuilderError `daemonFailed`; DaemonRefusal; what a broken connection throws
   */
  async #ask<Result>(
    call: (docker: Docker) => Called,
    what: string,
    schema: ZodType<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const border = daemonBorder(this.endpoint, what, schema);
    try {
      const answer = await answerOf(call(this.docker(AbortSignal.any([signal, timeout]))));
      const { bytes, isCut } = await readBody(answer, maxAnswerBytes);
      // A description that is longer than all that is sensible is none.
      return readAnswer(isCut ? "" : bytes, border);
    } catch (error) {
      if (!timeout.aborted || signal.aborted) throw error;
      throw new ImageBuilderError(
        "daemonLost",
        `${border.who} did not answer within ${answerTimeoutMs / 1000} s. Check that it is running, or restart it.`,
        { cause: error },
      );
    }
  }
}

/** Loads dockerode and makes the client of one daemon. */
export async function openEngineClient(endpoint: Endpoint, pulse?: Pulse): Promise<EngineClient> {
  const agent = new EngineAgent(endpoint);
  return new EngineClient(await openDocker(agent), agent, endpoint, pulse);
}

/** Loads dockerode, made to send all by an agent. */
export async function openDocker(agent: EngineAgent): Promise<DockerFor> {
  const [{ default: Dockerode }, { dockerModem }] = await Promise.all([import("dockerode"), import("./dockerModem")]);
  return (signal) => new Dockerode({ modem: dockerModem(agent, signal) } as Docker.DockerOptions);
}

/**
 * The answer to a call of dockerode as our modem hands it over.
 *
 * @throws DaemonRefusal for any status but 200; what a broken connection throws
 */
export async function answerOf(called: Called): Promise<IncomingMessage> {
  return (await called) as IncomingMessage;
}

/**
 * What dockerode puts into `X-Registry-Auth`. Without credentials an empty object: daemons refuse a push that lacks the
 * header.
 */
function authConfig(credentials: Credentials | undefined): Docker.AuthConfig {
  // dockerode's type knows only names and passwords.
  return (credentials ? authConfigOf(credentials) : {}) as Docker.AuthConfig;
}

function urlSafeBase64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** The words of the daemon in its refusal. */
export function daemonWords(error: unknown): string {
  return messageOf(error).trim();
}

/** Whether the daemon answered at all: an error with a status is its refusal, one without is a broken connection. */
export function daemonStatus(error: unknown): number | undefined {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : undefined;
}

/**
 * The error for a request that the daemon refused or that never reached it.
 *
 * @param code what a refusal means
 * @param what half a sentence that says what was tried
 */
export function requestFailure(code: ErrorCode, what: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return abortReason(signal);
  if (ImageBuilderError.is(error)) return error;
  const status = daemonStatus(error);
  if (status !== undefined) {
    const words = daemonWords(error);
    return new ImageBuilderError(
      code,
      [`${what}: ${words.replace(/\.$/, "")}.`, refusalRemedy(words, status)].filter(Boolean).join(" "),
      { cause: error },
    );
  }
  return new ImageBuilderError(
    "daemonLost",
    `${what}: the connection to the Docker daemon was lost (${brokenConnection(error)}). ` +
      "Check that the daemon is running.",
    { cause: error },
  );
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}
