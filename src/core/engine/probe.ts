import { request, type IncomingHttpHeaders } from "node:http";
import type { Endpoint } from "./endpoint";
import { notADaemon, probeFailure, refusal, tooOld, type Answer } from "./probeFailure";
import { agentSocket, EngineAgent } from "./transport";

/** What a build must know of a daemon. */
export interface EngineIdentity {
  readonly product: "docker" | "podman";
  readonly version: string;
  readonly apiVersion: string;
  /** Of the containers, as Docker names it: `linux` or `windows`. */
  readonly os: string;
  /** Whether it builds with BuildKit. */
  readonly buildkit: boolean;
}

/** What a daemon says of itself. */
export interface EngineInfo extends EngineIdentity {
  readonly minApiVersion: string;
  readonly arch: string;
  readonly experimental: boolean;
}

/** Times in milliseconds for the whole probe; an ssh login takes longer than a connection. */
const localTimeoutMs = 5_000;
const sshTimeoutMs = 20_000;

/** Docker 17.12's: an older daemon silently ignores the platform or the target that a build asks for. */
const neededApiVersion = "1.32";
const buildkitApiVersion = "1.39";

/**
 * Asks a daemon what it is.
 *
 * @throws ImageBuilderError `daemonUnreachable`, `daemonDenied`, `daemonTls` or `daemonTooOld`, naming the endpoint, who chose it, and the remedy;
 * the signal's reason when aborted
 */
export async function probe(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineInfo> {
  return asking(endpoint, signal, async (get) => {
    const { headers } = await get("/_ping");
    return engineInfo(endpoint, headers, parseObject((await get("/version")).body));
  });
}

/**
 * Asks a daemon no more than a build must know. Docker's tells it with its first sign of life; for its whole answer it runs
 * programs, which takes longer than many a build.
 *
 * @throws what `probe` throws
 */
export async function identify(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineIdentity> {
  return asking(endpoint, signal, async (get) => {
    const { headers } = await get("/_ping");
    return identityIn(endpoint, headers) ?? engineInfo(endpoint, headers, parseObject((await get("/version")).body));
  });
}

type Get = (path: string) => Promise<Answer>;

async function asking<Result>(endpoint: Endpoint, signal: AbortSignal | undefined, ask: (get: Get) => Promise<Result>): Promise<Result> {
  const timeoutMs = endpoint.connection.kind === "ssh" ? sshTimeoutMs : localTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const agent = new EngineAgent(endpoint);
  try {
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return await ask(async (path) => {
      const answer = await get(endpoint, agent, path, either);
      if (answer.status !== 200) throw refusal(endpoint, answer);
      return answer;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw timeout.aborted ? probeFailure(endpoint, { timeoutMs }) : probeFailure(endpoint, error);
  } finally {
    agent.destroy();
  }
}

function engineInfo(endpoint: Endpoint, ping: IncomingHttpHeaders, version: Readonly<Record<string, unknown>>): EngineInfo {
  const text = (name: string): string => (typeof version[name] === "string" ? version[name] : "");
  const apiVersion = text("ApiVersion");
  if (apiVersion === "") throw notADaemon(endpoint, "its /version has no ApiVersion");
  if (isOlder(apiVersion, neededApiVersion)) throw tooOld(endpoint, text("Version"), apiVersion, neededApiVersion);

  const os = text("Os");
  const product = isPodman(ping, version["Components"]) ? "podman" : "docker";
  return {
    product,
    version: text("Version"),
    apiVersion,
    minApiVersion: text("MinAPIVersion") || apiVersion,
    os,
    arch: text("Arch"),
    buildkit: product === "docker" && hasBuildkit(ping, apiVersion, os),
    experimental: version["Experimental"] === true || ping["docker-experimental"] === "true",
  };
}

/** Nothing where the headers do not tell it all. */
function identityIn(endpoint: Endpoint, headers: IncomingHttpHeaders): EngineIdentity | undefined {
  const [, version, os] = /^Docker\/(\S+) \((\w+)\)$/.exec(String(headers["server"])) ?? [];
  const apiVersion = headers["api-version"];
  if (version === undefined || os === undefined || typeof apiVersion !== "string" || isPodman(headers, undefined)) return undefined;
  if (isOlder(apiVersion, neededApiVersion)) throw tooOld(endpoint, version, apiVersion, neededApiVersion);
  return { product: "docker", version, apiVersion, os, buildkit: hasBuildkit(headers, apiVersion, os) };
}

/** Docker 20.10 and older do not send the header although they may have BuildKit. */
function hasBuildkit(ping: IncomingHttpHeaders, apiVersion: string, os: string): boolean {
  return os !== "windows" && (ping["builder-version"] ?? (isOlder(apiVersion, buildkitApiVersion) ? "1" : "2")) === "2";
}

function isPodman(ping: IncomingHttpHeaders, components: unknown): boolean {
  if (String(ping["server"]).startsWith("Libpod/") || "libpod-api-version" in ping) return true;
  return Array.isArray(components) && components.some((each: { Name?: unknown } | null) => each?.Name === "Podman Engine");
}

/** Compares versions of the API, `major.minor`, by number: 1.9 is older than 1.32. */
export function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // Whoever answers this is no daemon; the caller says so.
  }
}

const maxBodyLength = 1_000_000;

async function get(endpoint: Endpoint, agent: EngineAgent, path: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, socketPath: agentSocket, path, signal }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
        if (body.length > maxBodyLength) sent.destroy(notADaemon(endpoint, `its answer to ${path} has no end`));
      });
      response.on("end", () => resolve({ path, status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}
