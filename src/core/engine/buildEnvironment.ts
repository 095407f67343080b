import type { BuildOptions } from "../base/buildOptions";
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

/** What the user's environment and Docker configuration give to each build, as the docker CLI does. */
export interface BuildEnvironment {
  /** Values of `HTTP_PROXY` and its like. */
  readonly proxies: Readonly<Record<string, string>>;
  /** The variable `SOURCE_DATE_EPOCH`. */
  readonly sourceDateEpoch?: string;
}

/** The same, and what goes with each request to the daemon. */
export interface UserEnvironment extends BuildEnvironment {
  readonly headers: DaemonHeaders;
}

/** Whose environment and which daemon. */
export interface EnvironmentQuestion {
  readonly endpoint: Endpoint;
  readonly env: NodeJS.ProcessEnv;
  readonly homeDir?: string;
  /** Whether a workspace chose the daemon: it gets only what the configuration names it for. */
  readonly isForeign: boolean;
}

/** The build arguments of a proxy's fields. */
const variables = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
} as const;
const proxyNames: ReadonlySet<string> = new Set(Object.values(variables));

/**
 * Reads it anew. A configuration that cannot be read gives nothing, as with the docker CLI, and a warning.
 *
 * @param log gets no values: both headers and proxies may hold passwords
 */
export async function readUserEnvironment(
  { endpoint, env, homeDir, isForeign }: EnvironmentQuestion,
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
 * Adds it to the build arguments, of which those that were given count first.
 *
 * BuildKit takes both spellings of a proxy for one, so a given one keeps out the other too; for the classic builder
 * they are two, as for the docker CLI.
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
 * Lists what nobody may see of the addresses in a build's options, of proxies and of named contexts: a user with a
 * password or a token, the addresses that hold one, and what a server is told by parameters.
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

/** What BuildKit itself reads of a repository's address. */
const gitParameters: ReadonlySet<string> = new Set([
  "ref",
  "tag",
  "branch",
  "commit",
  "checksum",
  "subdir",
  "keep-git-dir",
  "submodules",
]);

/** Servers take tokens and signatures as parameters, by names of their own. */
function querySecrets(address: string): string[] {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(address) ?? [];
  return query.split("&").flatMap((parameter) => {
    const [name = "", ...value] = parameter.split("=");
    const written = value.join("=");
    return written === "" || gitParameters.has(name) ? [] : [written, decoded(written)];
  });
}

/** Warns where the Dockerfile itself has a proxy's password written into the image's history. */
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

/** The user and password before the host of an address, which may lack its scheme. */
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
