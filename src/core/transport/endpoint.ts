import { homedir } from "node:os";
import { dockerConfigFolder, readDockerConfig } from "../credentials/dockerConfigFile";
import { readDockerContext } from "./dockerContext";
import type { DaemonHeaders } from "./daemonHeaders";
import { parseAddress, type Connection, type WrittenAddress } from "./endpointAddress";
import { readTlsFolder } from "./tlsMaterial";
import { firstExisting, usualSockets } from "./usualSockets";

export type { Connection };

/** The daemon to use, and why this one. */
export interface Endpoint {
  /** As in `DOCKER_HOST`, such as `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Who said so, in words: `DOCKER_HOST`, `Docker context "box"`, … */
  readonly source: string;
  readonly connection: Connection;
  /** The address as a Docker context writes it, where that differs. */
  readonly written?: string;
  /** What goes with each request, as Docker's configuration says. */
  readonly headers?: DaemonHeaders;
}

/** What the docker CLI calls a daemon reached by ssh, whichever it is. */
const sshHost = "http://docker.example.com";

/** The address by which the docker CLI looks up what its configuration says of a daemon. */
export function daemonHostOf({ address, written = address, connection }: Endpoint): string {
  return connection.kind === "ssh" ? sshHost : written;
}

/** What decides which daemon is used; the settings come first. */
export interface EndpointQuestion {
  readonly dockerHost?: string;
  readonly dockerContext?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly homeDir?: string;
  readonly platform?: NodeJS.Platform;
}

type Surroundings = Required<Pick<EndpointQuestion, "env" | "homeDir" | "platform">>;

/**
 * Finds the daemon as the docker CLI does: settings, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, then the
 * usual sockets.
 *
 * @throws ImageBuilderError `configurationInvalid` for a wrong address, `dockerContextInvalid` for an unknown or broken
 * context, `daemonTls` for a missing TLS file; never falls back to another daemon than the one asked for
 */
export async function resolveEndpoint(question: EndpointQuestion = {}): Promise<Endpoint> {
  const { env = process.env, homeDir = homedir(), platform = process.platform } = question;
  const surroundings = { env, homeDir, platform };
  if (question.dockerHost?.trim())
    return fromHost(question.dockerHost, 'setting "imageBuilders.dockerHost"', surroundings);
  if (question.dockerContext?.trim())
    return fromContext(question.dockerContext.trim(), ' (setting "imageBuilders.dockerContext")', surroundings);
  if (env["DOCKER_HOST"]?.trim()) return fromHost(env["DOCKER_HOST"], "DOCKER_HOST", surroundings);
  if (env["DOCKER_CONTEXT"]) return fromContext(env["DOCKER_CONTEXT"], " (DOCKER_CONTEXT)", surroundings);
  const { currentContext } = await readDockerConfig(dockerConfigFolder(env, homeDir), "dockerContextInvalid");
  return fromContext(currentContext || "default", "", surroundings);
}

async function fromHost(text: string, source: string, { env, homeDir, platform }: Surroundings): Promise<Endpoint> {
  const secure = Boolean(env["DOCKER_TLS_VERIFY"]);
  const connection = parseAddress({ text, source, code: "configurationInvalid" }, platform, secure);
  const address = addressOf(connection);
  if (connection.kind !== "tcp" || !secure) return { address, source, connection };
  const tls = await readTlsFolder(env["DOCKER_CERT_PATH"] || dockerConfigFolder(env, homeDir));
  return { address, source, connection: { ...connection, tls } };
}

async function fromContext(name: string, origin: string, surroundings: Surroundings): Promise<Endpoint> {
  if (name === "default") return fromDefaults(surroundings);
  const { host, tls } = await readDockerContext(name, dockerConfigFolder(surroundings.env, surroundings.homeDir));
  const written: WrittenAddress = {
    text: host,
    source: `Docker context "${name}"${origin}`,
    code: "dockerContextInvalid",
  };
  const connection = parseAddress(written, surroundings.platform, tls !== undefined);
  const address = addressOf(connection);
  return {
    address,
    source: written.source,
    connection: connection.kind === "tcp" && tls ? { ...connection, tls } : connection,
    ...(host !== address && { written: host }),
  };
}

/** What the context `default` means: `DOCKER_HOST` if it is set, else the first of the usual sockets. */
async function fromDefaults(surroundings: Surroundings): Promise<Endpoint> {
  const { env, homeDir, platform } = surroundings;
  if (env["DOCKER_HOST"]?.trim()) return fromHost(env["DOCKER_HOST"], "DOCKER_HOST", surroundings);
  const sockets = usualSockets(env, homeDir, platform);
  const { source, path } = (await firstExisting(sockets)) ?? sockets[0];
  const connection: Connection = { kind: "socket", path };
  return { address: addressOf(connection), source, connection };
}

function addressOf(connection: Connection): string {
  if (connection.kind === "socket")
    return `${connection.path.startsWith("//./pipe/") ? "npipe" : "unix"}://${connection.path}`;
  const host = connection.host.includes(":") ? `[${connection.host}]` : connection.host;
  if (connection.kind === "tcp") return `tcp://${host}:${connection.port}`;
  const user = connection.user ? `${encodeURIComponent(connection.user)}@` : "";
  return `ssh://${user}${host}${connection.port ? `:${connection.port}` : ""}${connection.path ?? ""}`;
}
