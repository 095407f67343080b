import { homedir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../base/log";
import { firstWorking, type CredentialSource } from "./credentialSource";
import { configFileCredentials, dockerConfigCredentials, type DockerConfigOptions } from "./dockerConfig";

/** Reads the user's logins of Docker, then those of Podman. */
export function userLogins(options: DockerConfigOptions = {}): CredentialSource {
  const { log = silentLog } = options;
  return firstWorking(log, dockerConfigCredentials(options), podmanCredentials(options));
}

/**
 * Reads the logins of `podman login`, from the same files and in the same order as Podman.
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function podmanCredentials(options: Omit<DockerConfigOptions, "configDir"> = {}): CredentialSource {
  const { env = process.env } = options;
  return configFileCredentials("Podman's login file", options, () => podmanAuthFiles(env));
}

/** Returns the files in which Podman looks for logins, the one that decides first. */
export function podmanAuthFiles(env: NodeJS.ProcessEnv, homeDir = homedir()): string[] {
  const named = env["REGISTRY_AUTH_FILE"];
  if (named) return [named];
  const runtime = env["XDG_RUNTIME_DIR"];
  const config = env["XDG_CONFIG_HOME"] || join(homeDir, ".config");
  return [...(runtime ? [join(runtime, "containers", "auth.json")] : []), join(config, "containers", "auth.json")];
}
