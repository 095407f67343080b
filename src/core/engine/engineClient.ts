import type { Duplex, Readable } from "node:stream";
import { json } from "node:stream/consumers";
import type Docker from "dockerode";
import type { Credentials } from "../credentials/credentialSource";
import { ImageBuilderError, messageOf, type ErrorCode } from "../errors";
import { authConfigOf } from "./authConfig";
import type { Endpoint } from "./endpoint";
import { usualPulse, type Pulse } from "./heartbeat";
import { EngineAgent } from "./transport";
import { refusalRemedy } from "./refusalRemedy";
import { upgrade } from "./upgrade";

/** Query parameters of the Engine API; objects are sent as JSON, arrays by repeating the key. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>>;

interface DialOptions {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly options?: Query;
  readonly file?: Readable | Buffer;
  readonly registryconfig?: { readonly base64: string };
  readonly authconfig?: object;
  readonly abortSignal: AbortSignal;
  readonly statusCodes: Readonly<Record<number, true>>;
}

interface DaemonSettings {
  readonly DriverStatus?: readonly (readonly string[])[] | null;
  readonly RegistryConfig?: { readonly IndexConfigs?: Readonly<Record<string, { readonly Secure?: boolean } | undefined>> | null };
}

/** The Engine API of one daemon, by dockerode. Answers that stream are handed out as they come: errors in them are the reader's. */
export class EngineClient {
  constructor(
    private readonly docker: Docker,
    private readonly agent: EngineAgent,
    readonly endpoint: Endpoint,
    readonly pulse: Pulse = usualPulse,
  ) {}

  /** Starts a build; BuildKit takes its files from a session, so it gets no body. */
  async build(query: Query, body: Readable | undefined, signal: AbortSignal, registryLogins?: Readonly<Record<string, object>>): Promise<Readable> {
    return this.#dial<Readable>({
      path: "/build?",
      method: "POST",
      // dockerode would send an undefined parameter as an empty one.
      options: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
      file: body ?? Buffer.alloc(0),
      // dockerode's own encoding of this header is plain base64, which the daemon does not understand.
      ...(registryLogins && { registryconfig: { base64: urlSafeBase64(registryLogins) } }),
      abortSignal: signal,
      statusCodes: { 200: true },
    });
  }

  /** Upgrades a connection to BuildKit's own API, which can do more than `POST /build` has words for. */
  async openBuildkit(signal: AbortSignal): Promise<Duplex> {
    return upgrade(this.agent, "/grpc", {}, signal);
  }

  /** Starts the push of one tag. */
  async push(repository: string, tag: string, credentials: Credentials | undefined, signal: AbortSignal): Promise<Readable> {
    return this.#dial<Readable>({
      path: `/images/${repository}/push?`,
      method: "POST",
      options: { tag },
      authconfig: authConfig(credentials),
      abortSignal: signal,
      statusCodes: { 200: true },
    });
  }

  /** Whether the daemon gives a sign of life; a refusal is one, too. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      (await this.#dial<Readable>({ path: "/_ping", method: "GET", abortSignal: signal, statusCodes: { 200: true } })).resume();
      return true;
    } catch (error) {
      return daemonStatus(error) !== undefined;
    }
  }

  /** Starts the pull of one image. */
  async pull(repository: string, reference: string, credentials: Credentials | undefined, signal: AbortSignal): Promise<Readable> {
    return this.#dial<Readable>({
      path: "/images/create?",
      method: "POST",
      options: { fromImage: repository, tag: reference },
      authconfig: authConfig(credentials),
      abortSignal: signal,
      statusCodes: { 200: true },
    });
  }

  /** The digests under which registries know an image, `name@sha256:…` each. */
  async repoDigests(imageName: string, signal: AbortSignal): Promise<string[]> {
    const { RepoDigests } = (await this.#ask(`/images/${imageName}/json`, signal)) as { readonly RepoDigests?: string[] | null };
    return RepoDigests ?? [];
  }

  /** The daemon's id of an image, `sha256:…`. */
  async imageId(imageName: string, signal: AbortSignal): Promise<string> {
    return ((await this.#ask(`/images/${imageName}/json`, signal)) as { readonly Id: string }).Id;
  }

  /** Whether images are in containerd's store, which alone keeps several platforms and has BuildKit's exporters. */
  async hasContainerdStore(signal: AbortSignal): Promise<boolean> {
    const { DriverStatus } = await this.#settings(signal);
    return DriverStatus?.some(([, value]) => value === "io.containerd.snapshotter.v1") ?? false;
  }

  /** The images as one archive, as `docker save` writes it. */
  async saveImages(imageNames: readonly string[], signal: AbortSignal): Promise<Readable> {
    return this.#dial<Readable>({ path: "/images/get?", method: "GET", options: { names: imageNames }, abortSignal: signal, statusCodes: { 200: true } });
  }

  /** Whether the daemon speaks to a registry without verified TLS, by its `insecure-registries`. */
  async isInsecureRegistry(host: string, signal: AbortSignal): Promise<boolean> {
    const { RegistryConfig } = await this.#settings(signal);
    return RegistryConfig?.IndexConfigs?.[host]?.Secure === false;
  }

  /** The manifest digest that the registry itself tells for a name, asked through the daemon. */
  async registryDigest(imageName: string, credentials: Credentials | undefined, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.#ask(`/distribution/${imageName}/json`, signal, { authconfig: authConfig(credentials) });
    return (answer as { readonly Descriptor?: { readonly digest?: string } }).Descriptor?.digest;
  }

  /** @throws ImageBuilderError `daemonLost` */
  async #settings(signal: AbortSignal): Promise<DaemonSettings> {
    try {
      return (await this.#ask("/info", signal)) as DaemonSettings;
    } catch (error) {
      throw requestFailure("daemonLost", "The Docker daemon does not tell its settings", error, signal);
    }
  }

  /** Reads an answer here: dockerode waits for ever for the rest of one that is cut off. */
  async #ask(path: string, signal: AbortSignal, more: Pick<DialOptions, "authconfig"> = {}): Promise<unknown> {
    const answer = await this.#dial<Readable>({ path, method: "GET", abortSignal: signal, statusCodes: { 200: true }, ...more });
    return json(answer);
  }

  async #dial<Answer>(options: DialOptions): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.docker.modem.dial({ ...options, isStream: true } as Parameters<Docker["modem"]["dial"]>[0], (error: unknown, answer: unknown) => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(answer as Answer);
      });
    });
  }
}

/** Loads dockerode and makes the client of one daemon. */
export async function openEngineClient(endpoint: Endpoint, pulse?: Pulse): Promise<EngineClient> {
  const [{ default: Dockerode }, { dockerModem }] = await Promise.all([import("dockerode"), import("./dockerModem")]);
  const agent = new EngineAgent(endpoint);
  return new EngineClient(new Dockerode({ modem: dockerModem(agent) } as Docker.DockerOptions), agent, endpoint, pulse);
}

/** What dockerode puts into `X-Registry-Auth`. Without credentials an empty object: daemons refuse a push that lacks the header. */
function authConfig(credentials: Credentials | undefined): Docker.AuthConfig {
  // dockerode's type knows only names and passwords.
  return (credentials ? authConfigOf(credentials) : {}) as Docker.AuthConfig;
}

function urlSafeBase64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** The words of the daemon in an error that dockerode made: `(HTTP code 500) server error - <words> `. */
export function daemonWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim();
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
    return new ImageBuilderError(code, [`${what}: ${words.replace(/\.$/, "")}.`, refusalRemedy(words, status)].filter(Boolean).join(" "), { cause: error });
  }
  return new ImageBuilderError("daemonLost", `${what}, because the connection to the Docker daemon broke (${messageOf(error)}): see whether it is running.`, { cause: error });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}
