import { request, type IncomingHttpHeaders } from "node:http";
import type { Endpoint } from "./endpoint";
import { notADaemon, probeFailure, refusal, tooOld, type Answer } from "./probeFailure";
import { agentSocket, EngineAgent } from "./transport";

/** What a daemon says of itself. */
export interface EngineInfo {
  readonly product: "docker" | "podman";
  readonly version: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
  /** Of the containers, as Docker names it: `linux` or `windows`. */
  readonly os: string;
  readonly arch: string;
  /** Whether it builds with BuildKit. */
  readonly buildkit: boolean;
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
  const timeoutMs = endpoint.connection.kind === "ssh" ? sshTimeoutMs : localTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const agent = new EngineAgent(endpoint);
  try {
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const ping = await get(endpoint, agent, "/_ping", either);
    if (ping.status !== 200) throw refusal(endpoint, ping);
    const version = await get(endpoint, agent, "/version", either);
    if (version.status !== 200) throw refusal(endpoint, version);
    return engineInfo(endpoint, ping.headers, parseObject(version.body));
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
  // Docker 20.10 and older do not send the header although they may have BuildKit.
  const builder = ping["builder-version"] ?? (isOlder(apiVersion, buildkitApiVersion) ? "1" : "2");
  return {
    product,
    version: text("Version"),
    apiVersion,
    minApiVersion: text("MinAPIVersion") || apiVersion,
    os,
    arch: text("Arch"),
    buildkit: product === "docker" && os !== "windows" && builder === "2",
    experimental: version["Experimental"] === true || ping["docker-experimental"] === "true",
  };
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
