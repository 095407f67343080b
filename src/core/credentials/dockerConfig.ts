import {
  dockerConfigFile,
  dockerConfigFolder,
  readConfigFile,
  type AuthEntry,
  type DockerConfig,
} from "./dockerConfigFile";
import { ImageBuilderError } from "../base/errors";
import { canonicalHost } from "../base/imageReference";
import { dockerAuthKeys, dockerHubServer, isHostItself, type AuthPlace } from "./authKeys";
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

/**
 * Creates a source for the credentials that `docker login` has stored: first the host's own helper, then the credential
 * store, then `auths`. If a helper fails, its error is logged and the next place is asked; the first error is thrown
 * only if no place has credentials.
 */
export function dockerConfigCredentials(options: DockerConfigOptions = {}): CredentialSource {
  const { env = process.env } = options;
  return configFileCredentials(dockerFormat, options, () => [
    dockerConfigFile(options.configDir ?? dockerConfigFolder(env)),
  ]);
}

/** Rules by which a program reads a file in the format of Docker's `config.json`. */
export interface ConfigFileFormat {
  /** Name of the file as a source of credentials, for messages. */
  readonly source: string;
  /** Name of the file in messages, after "the". */
  readonly file: string;
  /** Whether the file may name a store for the credentials of all hosts. */
  readonly hasStore: boolean;
  /** Selects the keys of `auths` that are asked, in their order. */
  readonly authKeys: (keys: readonly string[], place: AuthPlace) => string[];
}

const dockerFormat: ConfigFileFormat = {
  source: "Docker config",
  file: "Docker config file",
  hasStore: true,
  authKeys: dockerAuthKeys,
};

/** Reads credentials from files in the format of Docker's `config.json`; the first file with an answer decides. */
export function configFileCredentials(
  format: ConfigFileFormat,
  { env = process.env, log = silentLog, helperTimeoutMs = 30_000 }: Omit<DockerConfigOptions, "configDir">,
  files: () => readonly string[],
): CredentialSource {
  return {
    async find(host, { repository, signal } = {}) {
      const failures: ImageBuilderError[] = [];
      for (const file of files()) {
        const config = await readConfigFile(file, "credentialsFailed", format.file);
        const how = { env, timeoutMs: helperTimeoutMs, signal };
        for (const place of placesFor({ host: canonicalHost(host), repository }, config, { format, file }, how)) {
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
  wanted: AuthPlace,
  config: DockerConfig,
  { format, file }: { readonly format: ConfigFileFormat; readonly file: string },
  how: Pick<HelperRequest, "env" | "timeoutMs" | "signal">,
): Place[] {
  const { host } = wanted;
  const server = host === "docker.io" ? dockerHubServer : host;
  const helper = (name: string, field: string): Place => ({
    source: `credential helper "${name}"`,
    ask: () => askCredentialHelper({ name, server, namedIn: `"${field}" of "${file}"`, ...how }),
  });
  const named = Object.entries(config.credHelpers ?? {}).filter(([key]) => isHostItself(key, host));
  const hostHelpers = named.flatMap(([, name]) => (name ? [helper(name, "credHelpers")] : []));
  // A helper without a name turns the store off for its host.
  const hasStore = format.hasStore && !named.some(([, name]) => name === "");
  const store = hasStore && config.credsStore ? [helper(config.credsStore, "credsStore")] : [];
  const auths: Readonly<Record<string, AuthEntry | null | undefined>> = config.auths ?? {};
  const source = `${format.source} "${file}"`;
  const known = format.authKeys(Object.keys(auths), wanted).map((key) => ({
    source,
    ask: async () => decodeEntry(auths[key], host, file),
  }));
  return [...hostHelpers, ...store, ...known];
}

/**
 * Reads an entry of `auths` in the order of Docker's daemon: a token for the registry itself, a token to exchange, a
 * user name and password.
 *
 * @throws ImageBuilderError `credentialsFailed` if `auth` can't be decoded
 */
function decodeEntry(entry: AuthEntry | null | undefined, host: string, file: string): Credentials | undefined {
  if (!entry) return undefined;
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
