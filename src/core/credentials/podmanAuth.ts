import { homedir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../base/log";
import { podmanAuthKeys } from "./authKeys";
import { firstWorking, type CredentialSource } from "./credentialSource";
import { configFileCredentials, dockerConfigCredentials, type DockerConfigOptions } from "./dockerConfig";

/** Reads the user's logins of Docker, then those of Podman. */
export function userLogins(options: DockerConfigOptions = {}): CredentialSource {
  const { log = silentLog } = options;
  return firstWorking(log, dockerConfigCredentials(options), podmanCredentials(options));
}

/**
 * Reads the logins of `podman login`, from the same files and in the same order as Podman, also those for a repository
 * or a namespace alone.
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function podmanCredentials(options: Omit<DockerConfigOptions, "configDir"> = {}): CredentialSource {
  const { env = process.env } = options;
  const format = {
    source: "Podman's login file",
    file: "Podman login file",
    hasStore: false,
    authKeys: podmanAuthKeys,
  } as const;
  return configFileCredentials(format, options, () => podmanAuthFiles(env));
}

/** Returns the files in which Podman looks for logins, the one that decides first. */
export function podmanAuthFiles(env: NodeJS.ProcessEnv, homeDir = homedir(), user = process.getuid?.()): string[] {
  const named = env["REGISTRY_AUTH_FILE"];
  if (named) return [named];
  // Where nobody has logged in to a session, as over SSH, Podman has a folder of its own.
  const own = process.platform === "linux" && user !== undefined ? `/run/containers/${user}` : undefined;
  const runtime = env["XDG_RUNTIME_DIR"] || own;
  const config = env["XDG_CONFIG_HOME"] || join(homeDir, ".config");
  const session = runtime && (runtime === own ? join(runtime, "auth.json") : join(runtime, "containers", "auth.json"));
  return [...(session ? [session] : []), join(config, "containers", "auth.json")];
}
