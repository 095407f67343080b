import type { Duplex, Readable } from "node:stream";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type Docker from "dockerode";
import type { ZodType } from "zod";
import { readAnswer } from "../border/readAnswer";
import { readBody, readErrorBody } from "../border/readBody";
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
import { EngineAgent } from "../transport/transport";
import { refusalRemedy } from "./refusalRemedy";
import { DaemonRefusal } from "../transport/refusalWords";
import { upgrade } from "../transport/upgrade";

/** Query parameters of the Engine API; objects are sent as JSON, arrays by repeating the key. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>
>;

interface DialOptions {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly options?: Query;
  readonly file?: Readable | Buffer;
  readonly registryconfig?: { readonly base64: string };
  readonly authconfig?: object;
  readonly abortSignal: AbortSignal;
}

/**
 * Answers that are read whole: those of a real daemon are some kilobytes, and come at once or after it has asked a
 * registry.
 */
const maxAnswerBytes = 4 * 2 ** 20;
const answerTimeoutMs = 60_000;
const maxPingBytes = 4096;

/**
 * The Engine API of one daemon, by dockerode. Answers that stream are handed out as they come: errors in them are the
 * reader's.
 */
export class EngineClient {
  constructor(
    private readonly docker: Docker,
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
    return this.#dial({
      path: "/build?",
      method: "POST",
      // dockerode would send an undefined parameter as an empty one.
      options: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
      file: body,
      // dockerode's own encoding of this header is plain base64, which the daemon does not understand.
      ...(registryLogins && { registryconfig: { base64: urlSafeBase64(registryLogins) } }),
      abortSignal: signal,
    });
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
    return this.#dial({
      path: `/images/${repository}/push?`,
      method: "POST",
      options: { tag },
      authconfig: authConfig(credentials),
      abortSignal: signal,
    });
  }

  /** Whether the daemon gives a sign of life; a refusal is one, too. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await this.#dial({ path: "/_ping", method: "GET", abortSignal: signal });
      // Read to its end, so that the connection serves again; it need not have one.
      void readBody(answer, maxPingBytes).catch(() => undefined);
      return true;
    } catch (error) {
      return daemonStatus(error) !== undefined;
    }
  }

  /** Starts the pull of one image. */
  async pull(
    repository: string,
    reference: string,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Readable> {
    return this.#dial({
      path: "/images/create?",
      method: "POST",
      options: { fromImage: repository, tag: reference },
      authconfig: authConfig(credentials),
      abortSignal: signal,
    });
  }

  /** The digests under which registries know an image, `name@sha256:…` each, as the daemon tells them. */
  async repoDigests(imageName: string, signal: AbortSignal): Promise<string[]> {
    return (await this.#image(imageName, signal)).RepoDigests ?? [];
  }

  /** The daemon's id of an image, `sha256:…`. */
  async imageId(imageName: string, signal: AbortSignal): Promise<string> {
    return checkedImageId((await this.#image(imageName, signal)).Id, daemonAt(this.endpoint));
  }

  /** Whether images are in containerd's store, which alone keeps several platforms and has BuildKit's exporters. */
  async hasContainerdStore(signal: AbortSignal): Promise<boolean> {
    const { DriverStatus } = await this.#settings(signal);
    return DriverStatus?.some(([, value]) => value === "io.containerd.snapshotter.v1") ?? false;
  }

  /** The images as one archive, as `docker save` writes it. */
  async saveImages(imageNames: readonly string[], signal: AbortSignal): Promise<Readable> {
    return this.#dial({ path: "/images/get?", method: "GET", options: { names: imageNames }, abortSignal: signal });
  }

  /** Whether the daemon speaks to a registry without verified TLS, by its `insecure-registries`. */
  async isInsecureRegistry(host: string, signal: AbortSignal): Promise<boolean> {
    const { RegistryConfig } = await this.#settings(signal);
    const registries = new Map(Object.entries(RegistryConfig?.IndexConfigs ?? {}));
    return registries.get(host)?.Secure === false;
  }

  /** The addresses of the host in the network that containers have by default. */
  async bridgeGateways(signal: AbortSignal): Promise<string[]> {
    const { IPAM } = await this.#ask({ path: "/networks/bridge" }, "network description", networkSchema, signal);
    return IPAM?.Config?.flatMap(({ Gateway }) => (isIP(Gateway ?? "") ? [Gateway ?? ""] : [])) ?? [];
  }

  /** The manifest digest that the registry itself tells for a name, asked through the daemon; it is not checked yet. */
  async registryDigest(
    imageName: string,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const dial = { path: `/distribution/${imageName}/json`, authconfig: authConfig(credentials) };
    return (
      (await this.#ask(dial, "image description from the registry", distributionSchema, signal)).Descriptor?.digest ??
      undefined
    );
  }

  #image(imageName: string, signal: AbortSignal) {
    return this.#ask({ path: `/images/${imageName}/json` }, "image description", imageSchema, signal);
  }

  /** @throws ImageBuilderError `daemonLost`, `daemonFailed` */
  async #settings(signal: AbortSignal) {
    try {
      return await this.#ask({ path: "/info" }, "daemon description", settingsSchema, signal);
    } catch (error) {
      throw requestFailure("daemonLost", "Can't read the Docker daemon's settings", error, signal);
    }
  }

  /**
   * Reads an answer here, in bounded size and time: dockerode waits for ever for the rest of one that is cut off.
   *
   * @throws ImageBuilderError `daemonFailed`; DaemonRefusal; what a broken connection throws
   */
  async #ask<Result>(
    dial: Pick<DialOptions, "path" | "authconfig">,
    what: string,
    schema: ZodType<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const border = daemonBorder(this.endpoint, what, schema);
    try {
      const answer = await this.#dial({ ...dial, method: "GET", abortSignal: AbortSignal.any([signal, timeout]) });
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

  /** @throws DaemonRefusal for any status but 200 */
  async #dial(options: DialOptions): Promise<Readable> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const told = (error: unknown, given: unknown): void => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(given as IncomingMessage);
      };
      this.docker.modem.dial({ ...options, isStream: true } as Parameters<Docker["modem"]["dial"]>[0], told);
    });
    if (answer.statusCode === 200) return answer;
    throw new DaemonRefusal(answer.statusCode ?? 0, await readErrorBody(answer));
  }
}

/** Loads dockerode and makes the client of one daemon. */
export async function openEngineClient(endpoint: Endpoint, pulse?: Pulse): Promise<EngineClient> {
  const [{ default: Dockerode }, { dockerModem }] = await Promise.all([import("dockerode"), import("./dockerModem")]);
  const agent = new EngineAgent(endpoint);
  return new EngineClient(new Dockerode({ modem: dockerModem(agent) } as Docker.DockerOptions), agent, endpoint, pulse);
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
    `${what}: the connection to the Docker daemon was lost (${brokenConnection(error)}). Check that the daemon is running.`,
    { cause: error },
  );
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}
