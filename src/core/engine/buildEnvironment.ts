import type { BuildOptions } from "../base/buildOptions";
import { gitParameters } from "../base/contextSource";
import { foreignWords } from "../border/foreignWords";
import { messageOf } from "../base/errors";
import type { Log } from "../base/log";
import {
  dockerConfigFile,
  dockerConfigFolder,
  readDockerConfig,
  type DockerConfig,
} from "../credentials/dockerConfigFile";
import { outlineDockerfile } from "../dockerfile/dockerfile";
import { daemonHeaders, type DaemonHeaders } from "../transport/daemonHeaders";
import { daemonHostOf, type Endpoint } from "../transport/endpoint";
import type { DockerfileSource } from "../context/files/dockerfileSource";

/** Settings that a build gets from the user's environment and Docker configuration, as with the docker CLI. */
export interface BuildEnvironment {
  /** Values of `HTTP_PROXY` and similar variables. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Value of the variable `SOURCE_DATE_EPOCH`. */
  readonly sourceDateEpoch?: string;
}

/** Environment of builds, and headers for all requests to the daemon. */
export interface UserEnvironment extends BuildEnvironment {
  readonly headers: DaemonHeaders;
}

/** Sources of an environment, and the daemon it is for. */
export interface EnvironmentOptions {
  readonly endpoint: Endpoint;
  readonly env: NodeJS.ProcessEnv;
  readonly homeDir?: string;
  /** Whether a workspace chose the daemon: it then gets only what the configuration specifies for this daemon. */
  readonly isForeign: boolean;
}

/** Build arguments by the proxy fields of Docker's configuration. */
const variables = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
} as const;
const proxyNames: ReadonlySet<string> = new Set(Object.values(variables));

/**
 * Reads the environment and Docker configuration. If the configuration can't be read, logs a warning and uses nothing
 * from it, as the docker CLI does.
 *
 * @param log receives no values, because headers and proxies may contain passwords
 */
export async function readUserEnvironment(
  { endpoint, env, homeDir, isForeign }: EnvironmentOptions,
  log: Log,
): Promise<UserEnvironment> {
  const folder = dockerConfigFolder(env, homeDir);
  const config = await readDockerConfig(folder, "configurationInvalid").catch((error: unknown): DockerConfig => {
    log.warn(`${messageOf(error)} Until then, its proxies and headers are not used.`);
    return {};
  });
  const { headers, unsendable } = daemonHeaders(config);
  if (unsendable.length > 0) {
    const names = unsendable.slice(0, 3).map((name) => `"${foreignWords(name, 100)}"`);
    log.warn(
      `Can't send ${names.join(", ")} of "HttpHeaders" in "${dockerConfigFile(folder)}" to the daemon. ` +
        "Correct the name or the value.",
    );
  }
  const sourceDateEpoch = env["SOURCE_DATE_EPOCH"];
  return {
    headers: isForeign ? {} : headers,
    proxies: proxiesFor(daemonHostOf(endpoint), config, isForeign),
    ...(sourceDateEpoch && { sourceDateEpoch }),
  };
}

function proxiesFor(host: string, { proxies }: DockerConfig, isForeign: boolean): Record<string, string> {
  const table = new Map(Object.entries(proxies ?? {}));
  const entry = table.has(host) ? table.get(host) : isForeign ? undefined : table.get("default");
  return Object.fromEntries(
    Object.entries(variables).flatMap(([field, name]) => {
      const value = entry?.[field];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}

/**
 * Adds the environment to the build arguments; given arguments take precedence.
 *
 * BuildKit treats both spellings of a proxy as the same, so a given one replaces the other too; the classic builder
 * treats them as different, as the docker CLI does.
 */
export function withEnvironment(
  options: BuildOptions,
  { proxies, sourceDateEpoch }: BuildEnvironment,
  builder: "buildkit" | "classic",
): BuildOptions {
  const given = options.buildArgs ?? {};
  const isGiven = (name: string): boolean =>
    builder === "classic"
      ? Object.hasOwn(given, name)
      : Object.keys(given).some((each) => each.toLowerCase() === name.toLowerCase());
  const added = Object.entries(proxies)
    .flatMap(([name, value]) => [name, name.toLowerCase()].map((each): [string, string] => [each, value]))
    .filter(([name]) => !isGiven(name));
  if (builder === "buildkit" && sourceDateEpoch !== undefined && !Object.hasOwn(given, "SOURCE_DATE_EPOCH"))
    added.push(["SOURCE_DATE_EPOCH", sourceDateEpoch]);
  return added.length === 0 ? options : { ...options, buildArgs: { ...Object.fromEntries(added), ...given } };
}

/**
 * Lists the secrets in the addresses of a build's options, that is, of proxies and named contexts: user names with
 * passwords or tokens, the addresses that contain one, and values of query parameters.
 */
export function addressSecrets({ buildArgs = {}, buildContexts = {} }: BuildOptions): string[] {
  const proxies = Object.entries(buildArgs).flatMap(([name, value]) =>
    proxyNames.has(name.toUpperCase()) ? [value] : [],
  );
  const remote = Object.values(buildContexts).filter((address) => /^[a-z]+:\/\//.test(address));
  return [
    ...new Set([...proxies.flatMap(loginSecrets), ...remote.flatMap(loginSecrets), ...remote.flatMap(querySecrets)]),
  ];
}

function loginSecrets(address: string): string[] {
  const login = loginIn(address);
  if (login === undefined) return [];
  const secret = login.includes(":") ? login.slice(login.indexOf(":") + 1) : login;
  return [address, login, secret, decoded(login), decoded(secret)].filter((each) => each !== "");
}

/** Servers accept tokens and signatures in parameters of any name. */
function querySecrets(address: string): string[] {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(address) ?? [];
  return query.split("&").flatMap((parameter) => {
    const [name = "", ...value] = parameter.split("=");
    const written = value.join("=");
    return written === "" || gitParameters.has(name) ? [] : [written, decoded(written)];
  });
}

/** Warns if the Dockerfile declares a proxy's ARG, which writes its password into the image's history. */
export function warnOfDeclaredProxies(
  { text, name }: DockerfileSource,
  { proxies }: BuildEnvironment,
  { buildArgs = {} }: BuildOptions,
  log: Log,
): void {
  for (const arg of outlineDockerfile(text).args) {
    const value = proxies[arg.name.toUpperCase()];
    if (value === undefined || loginIn(value) === undefined || Object.hasOwn(buildArgs, arg.name)) continue;
    log.warn(
      `${name} declares ARG ${arg.name}, so the image's history contains the proxy from Docker's configuration ` +
        "with its password. Remove the ARG. RUN gets the variable without it.",
    );
  }
}

/** Returns the user and password before the host of an address, which may lack its scheme. */
function loginIn(address: string): string | undefined {
  const authority = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").split(/[/?#]/, 1)[0] ?? "";
  const at = authority.lastIndexOf("@");
  return at > 0 ? authority.slice(0, at) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
