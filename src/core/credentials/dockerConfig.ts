import {
  dockerConfigFile,
  dockerConfigFolder,
  readConfigFile,
  type AuthEntry,
  type DockerConfig,
} from "./dockerConfigFile";
import { ImageBuilderError } from "../base/errors";
import { canonicalHost } from "../base/imageReference";
import { silentLog, type Log } from "../base/log";
import { askCredentialHelper, type HelperRequest } from "./credentialHelper";
import type { CredentialAnswer, CredentialSource, Credentials } from "./credentialSource";
import { withoutEnd } from "../base/trimText";

/** Location of the user's Docker configuration, and options for its credential helpers. */
export interface DockerConfigOptions {
  /** Default is `DOCKER_CONFIG`, otherwise `~/.docker`. */
  readonly configDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: Log;
  /** Limit for one helper, in milliseconds; default is 30,000. */
  readonly helperTimeoutMs?: number;
}

/** Key under which `docker login` stores Docker Hub's credentials. */
const dockerHubServer = "https://index.docker.io/v1/";

/**
 * Creates a source for the credentials that `docker login` has stored: first the host's own helper, then the credential
 * store, then `auths`. If a helper fails, its error is logged and the next place is asked; the first error is thrown
 * only if no place has credentials.
 */
export function dockerConfigCredentials(options: DockerConfigOptions = {}): CredentialSource {
  const { env = process.env } = options;
  return configFileCredentials("Docker config", options, () => [
    dockerConfigFile(options.configDir ?? dockerConfigFolder(env)),
  ]);
}

/**
 * Reads credentials from files in the format of Docker's `config.json`; the first file with an answer decides.
 *
 * @param what the files are called, for messages
 */
export function configFileCredentials(
  what: string,
  { env = process.env, log = silentLog, helperTimeoutMs = 30_000 }: Omit<DockerConfigOptions, "configDir">,
  files: () => readonly string[],
): CredentialSource {
  const fileName = what === "Docker config" ? "Docker config file" : "Podman login file";
  return {
    async find(host, _secretName, signal) {
      const failures: ImageBuilderError[] = [];
      for (const file of files()) {
        const config = await readConfigFile(file, "credentialsFailed", fileName);
        const how = { env, timeoutMs: helperTimeoutMs, signal };
        for (const place of placesFor(canonicalHost(host), config, { what, file }, how)) {
          try {
            const credentials = await place.ask();
            if (!credentials) continue;
            for (const { message } of failures) log.warn(message);
            return { credentials, source: place.source } satisfies CredentialAnswer;
          } catch (error) {
            if (!ImageBuilderError.is(error)) throw error;
            failures.push(error);
          }
        }
      }
      const [first, ...others] = failures;
      // Whoever catches the first one reports it.
      for (const { message } of others) log.warn(message);
      if (first) throw first;
      return undefined;
    },
  };
}

interface Place {
  readonly source: string;
  ask(): Promise<Credentials | undefined>;
}

function placesFor(
  host: string,
  config: DockerConfig,
  { what, file }: { readonly what: string; readonly file: string },
  how: Pick<HelperRequest, "env" | "timeoutMs" | "signal">,
): Place[] {
  const server = host === "docker.io" ? dockerHubServer : host;
  const helper = (name: string, field: string): Place => ({
    source: `credential helper "${name}"`,
    ask: () => askCredentialHelper({ name, server, namedIn: `"${field}" of "${file}"`, ...how }),
  });
  const hostHelpers = entriesFor(host, config.credHelpers).map((name) => helper(name, "credHelpers"));
  const store = config.credsStore && !isWithoutStore(host, config) ? [helper(config.credsStore, "credsStore")] : [];
  const auths = entriesFor(host, config.auths).map((entry) => ({
    source: `${what} "${file}"`,
    ask: async () => decodeEntry(entry, host, file),
  }));
  return [...hostHelpers, ...store, ...auths];
}

/** A helper without a name turns the store off for its host. */
function isWithoutStore(host: string, { credHelpers }: DockerConfig): boolean {
  return Object.entries(credHelpers ?? {}).some(([key, name]) => hostOfKey(key) === host && name === "");
}

/**
 * Returns the values of all keys for this host, the plain key first: keys may also have a scheme, an API version, or a
 * path.
 */
function entriesFor<Value>(
  host: string,
  table: Readonly<Record<string, Value | null | undefined>> | null | undefined,
): Value[] {
  const keys = Object.keys(table ?? {}).filter((key) => hostOfKey(key) === host);
  const rank = (key: string) => (key === host || key === dockerHubServer ? 0 : 1);
  return keys.sort((one, other) => rank(one) - rank(other)).flatMap((key) => table?.[key] || []);
}

function hostOfKey(key: string): string {
  return canonicalHost(key.replace(/^https?:\/\//i, "").replace(/\/.*$/s, ""));
}

/**
 * Reads an entry of `auths` in the order of Docker's daemon: a token for the registry itself, a token to exchange, a
 * user name and password.
 *
 * @throws ImageBuilderError `credentialsFailed` if `auth` can't be decoded
 */
function decodeEntry(entry: AuthEntry, host: string, file: string): Credentials | undefined {
  if (entry.registrytoken) return { registryToken: entry.registrytoken };
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  if (!entry.auth)
    return entry.username && entry.password ? { username: entry.username, password: entry.password } : undefined;
  const auth = entry.auth.replace(/[\r\n]/g, "");
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(auth) ? Buffer.from(auth, "base64").toString("utf8") : "";
  const colon = decoded.indexOf(":");
  if (colon < 1) {
    const reason =
      `Can't read the login for ${host} in "${file}": its "auth" is not a base64-encoded "user:password". ` +
      "Log in again.";
    throw new ImageBuilderError("credentialsFailed", reason);
  }
  // Docker also removes the zero bytes that old versions wrote after the password.
  return { username: decoded.slice(0, colon), password: withoutEnd(decoded.slice(colon + 1), "\0") };
}
