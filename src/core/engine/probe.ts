import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { parseJson } from "../border/parseJson";
import { readBody } from "../border/readBody";
import { versionSchema } from "../transport/daemonAnswers";
import type { Endpoint } from "../transport/endpoint";
import { notADaemon, probeFailure, refusal, tooOld } from "../transport/probeFailure";
import { DaemonRefusal } from "../transport/refusalWords";
import { EngineAgent } from "../transport/transport";

/** Facts about a daemon that a build needs. */
export interface EngineIdentity {
  readonly product: "docker" | "podman" | "buildkit";
  readonly version: string;
  /** Version of Docker's API; of BuildKit itself, that of the Docker whose BuildKit can do the same. */
  readonly apiVersion: string;
  /** Operating system of the containers, as Docker names it: `linux` or `windows`. */
  readonly os: string;
  /** Whether the daemon builds with BuildKit. */
  readonly buildkit: boolean;
}

/** Description of a daemon. */
export interface EngineInfo extends EngineIdentity {
  readonly minApiVersion: string;
  readonly arch: string;
  readonly experimental: boolean;
}

/** Time limits for the whole probe, in milliseconds; an SSH login takes longer than a local connection. */
const localTimeoutMs = 5_000;
const sshTimeoutMs = 20_000;

/** API version of Docker 17.12: older daemons silently ignore the requested platform or target of a build. */
const neededApiVersion = "1.32";
const buildkitApiVersion = "1.39";

/**
 * Asks a daemon for its description.
 *
 * @throws ImageBuilderError `daemonUnreachable`, `daemonDenied`, `daemonTls`, or `daemonTooOld`, with the endpoint,
 * what chose it, and the remedy; the signal's reason when it is aborted
 */
export async function probe(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineInfo> {
  return asking(endpoint, signal, async (daemon) => {
    const { headers } = await daemon.ping();
    return engineInfo(endpoint, headers, versionIn(endpoint, (await daemon.version()).body));
  });
}

/**
 * Asks a daemon only for what a build needs. Docker includes it in the response to a ping; for its full description, it
 * runs programs, which takes longer than many builds.
 *
 * @throws errors of `probe`
 */
export async function identify(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineIdentity> {
  return asking(endpoint, signal, async (daemon) => {
    const { headers } = await daemon.ping();
    return (
      identityIn(endpoint, headers) ?? engineInfo(endpoint, headers, versionIn(endpoint, (await daemon.version()).body))
    );
  });
}

/** Response to a probe, read completely. */
interface ProbeAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Requests of a probe. */
interface ProbedDaemon {
  ping(): Promise<ProbeAnswer>;
  version(): Promise<ProbeAnswer>;
}

async function asking<Result>(
  endpoint: Endpoint,
  signal: AbortSignal | undefined,
  ask: (daemon: ProbedDaemon) => Promise<Result>,
): Promise<Result> {
  const timeoutMs = endpoint.connection.kind === "ssh" ? sshTimeoutMs : localTimeoutMs;
  const agent = new EngineAgent(endpoint);
  const [{ openDocker }, { answerOf }] = await Promise.all([import("./engineClient"), import("./askDaemon")]);
  const dockerFor = await openDocker(agent);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const docker = dockerFor(either);
    const read = async (path: string, called: Promise<unknown>): Promise<ProbeAnswer> => {
      const answer = await answerOf(called).catch((error: unknown) => {
        throw error instanceof DaemonRefusal ? refusal(endpoint, path, error) : error;
      });
      const { bytes, isCut } = await readBody(answer, maxBodyBytes);
      if (isCut) throw notADaemon(endpoint, `its response to ${path} is too long`);
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, agent.hide(String(value))] as const);
      return { headers: Object.fromEntries(headers), body: agent.hide(bytes.toString("utf8")) };
    };
    return await ask({
      ping: () => read("/_ping", docker.ping()),
      version: () => read("/version", docker.version()),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw timeout.aborted ? probeFailure(endpoint, { timeoutMs }) : probeFailure(endpoint, error);
  } finally {
    agent.destroy();
  }
}

type Version = z.infer<typeof versionSchema>;

/**
 * Parses the version response. @throws ImageBuilderError `daemonUnreachable` for an invalid response, which is not from
 * a daemon
 */
function versionIn(endpoint: Endpoint, body: string): Version {
  const version = parseJson(body);
  const checked = versionSchema.safeParse(version);
  if (checked.success) return checked.data;
  const isMissing = typeof version !== "object" || version === null || !("ApiVersion" in version);
  throw notADaemon(endpoint, isMissing ? "its /version has no ApiVersion" : "its /version response is invalid");
}

function engineInfo(endpoint: Endpoint, ping: IncomingHttpHeaders, told: Version): EngineInfo {
  const {
    Version: version,
    ApiVersion: apiVersion,
    MinAPIVersion: minApiVersion,
    Os: os,
    Arch: arch,
    Components: components,
    Experimental: experimental,
  } = told;
  if (isOlder(apiVersion, neededApiVersion)) throw tooOld(endpoint, version ?? "", apiVersion, neededApiVersion);

  const product = isPodman(ping, components) ? "podman" : "docker";
  return {
    product,
    version: version ?? "",
    apiVersion,
    minApiVersion: minApiVersion || apiVersion,
    os: os ?? "",
    arch: arch ?? "",
    buildkit: product === "docker" && hasBuildkit(ping, apiVersion, os ?? ""),
    experimental: experimental === true || ping["docker-experimental"] === "true",
  };
}

/** Returns undefined if the headers don't contain everything. */
function identityIn(endpoint: Endpoint, headers: IncomingHttpHeaders): EngineIdentity | undefined {
  const [, version, os] = /^Docker\/(\S{1,100}) \((\w{1,100})\)$/.exec(String(headers["server"])) ?? [];
  const apiVersion = headers["api-version"];
  if (
    version === undefined ||
    os === undefined ||
    typeof apiVersion !== "string" ||
    !/^\d{1,4}\.\d{1,4}$/.test(apiVersion) ||
    isPodman(headers, undefined)
  )
    return undefined;
  if (isOlder(apiVersion, neededApiVersion)) throw tooOld(endpoint, version, apiVersion, neededApiVersion);
  return { product: "docker", version, apiVersion, os, buildkit: hasBuildkit(headers, apiVersion, os) };
}

/** Whether the daemon has BuildKit. Docker 20.10 and older may have it without sending the header. */
function hasBuildkit(ping: IncomingHttpHeaders, apiVersion: string, os: string): boolean {
  return os !== "windows" && (ping["builder-version"] ?? (isOlder(apiVersion, buildkitApiVersion) ? "1" : "2")) === "2";
}

function isPodman(ping: IncomingHttpHeaders, components: Version["Components"]): boolean {
  if (String(ping["server"]).startsWith("Libpod/") || "libpod-api-version" in ping) return true;
  return components?.some(({ Name }) => Name === "Podman Engine") ?? false;
}

/** Whether an API version, `major.minor`, is older than another; compares numbers, so 1.9 is older than 1.32. */
export function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

const maxBodyBytes = 2 ** 20;
