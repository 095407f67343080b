import { homedir } from "node:os";
import { dockerConfigFolder, readDockerConfig } from "../credentials/dockerConfigFile";
import { readDockerContext } from "./dockerContext";
import type { DaemonHeaders } from "./daemonHeaders";
import { parseAddress, type Connection, type WrittenAddress } from "./endpointAddress";
import { readTlsFolder } from "./tlsMaterial";
import { firstExisting, usualSockets } from "./usualSockets";

export type { Connection };

/** Daemon to use, and the source of this choice. */
export interface Endpoint {
  /** Address as in `DOCKER_HOST`, such as `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Source of the address in words: `DOCKER_HOST`, `Docker context "box"`, … */
  readonly source: string;
  readonly connection: Connection;
  /** API that the daemon serves; default is Docker's, which includes BuildKit's. */
  readonly api?: "buildkit";
  /** Container in which BuildKit runs, and the Docker daemon of the connection that runs it. */
  readonly container?: { readonly name: string; readonly daemon: Endpoint };
  /** Address as written in a Docker context, if it differs. */
  readonly written?: string;
  /** Headers of each request, from Docker's configuration. */
  readonly headers?: DaemonHeaders;
}

/** Address that the docker CLI uses for every daemon that it reaches over SSH. */
const sshHost = "http://docker.example.com";

/** Returns the address by which the docker CLI looks up a daemon in its configuration. */
export function daemonHostOf({ address, written = address, connection }: Endpoint): string {
  return connection.kind === "ssh" ? sshHost : written;
}

/** Inputs that determine which daemon is used; the settings take precedence. */
export interface EndpointOptions {
  readonly dockerHost?: string;
  readonly dockerContext?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly homeDir?: string;
  readonly platform?: NodeJS.Platform;
}

type Surroundings = Required<Pick<EndpointOptions, "env" | "homeDir" | "platform">>;

/**
 * Finds the daemon as the docker CLI does: settings, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, then the
 * usual sockets. Never falls back to another daemon than the specified one.
 *
 * @throws ImageBuilderError `configurationInvalid` for an invalid address, `dockerContextInvalid` for an unknown or
 * invalid context, `daemonTls` for a missing TLS file
 */
export async function resolveEndpoint(question: EndpointOptions = {}): Promise<Endpoint> {
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

/**
 * Returns the daemon of the context `default`: that of `DOCKER_HOST` if it is set, otherwise the first of the usual
 * sockets that exists.
 */
async function fromDefaults(surroundings: Surroundings): Promise<Endpoint> {
  const { env, homeDir, platform } = surroundings;
  if (env["DOCKER_HOST"]?.trim()) return fromHost(env["DOCKER_HOST"], "DOCKER_HOST", surroundings);
  const sockets = usualSockets(env, homeDir, platform);
  const { source, path } = (await firstExisting(sockets)) ?? sockets[0];
  const connection: Connection = { kind: "socket", path };
  return { address: addressOf(connection), source, connection };
}

/** Returns the address of a connection as in `DOCKER_HOST`. */
export function addressOf(connection: Connection): string {
  if (connection.kind === "socket")
    return `${connection.path.startsWith("//./pipe/") ? "npipe" : "unix"}://${connection.path}`;
  const host = connection.host.includes(":") ? `[${connection.host}]` : connection.host;
  if (connection.kind === "tcp") return `tcp://${host}:${connection.port}`;
  const user = connection.user ? `${encodeURIComponent(connection.user)}@` : "";
  return `ssh://${user}${host}${connection.port ? `:${connection.port}` : ""}${connection.path ?? ""}`;
}
