import { Writer } from "protobufjs/minimal";
import type { CredentialSource } from "../../credentials/credentialSource";
import { messageOf } from "../../errors";
import type { Log } from "../../log";
import { firstText } from "./message";

/**
 * Answers `moby.filesync.v1.Auth/Credentials`: the daemon asks for a host when a base image wants a login.
 * A source that fails is logged and answered with no credentials, so that public images still build.
 */
export async function answerCredentials(request: Uint8Array, credentials: CredentialSource, log: Log): Promise<Uint8Array> {
  const host = registryHostOf(request);
  const response = Writer.create();
  try {
    const answer = await credentials.find(host);
    if (!answer) return response.finish();
    if ("registryToken" in answer.credentials) {
      log.warn(`No login for ${host}: BuildKit takes no registry token, which is what ${answer.source} has. Log in with a name and a password.`);
      return response.finish();
    }
    log.info(`The daemon asked for a login to ${host}: it gets the one from ${answer.source}.`);
    const given = answer.credentials;
    if ("identityToken" in given) return response.uint32(18).string(given.identityToken).finish();
    return response.uint32(10).string(given.username).uint32(18).string(given.password).finish();
  } catch (error) {
    log.warn(`No login for ${host}: ${messageOf(error)}`);
    return response.finish();
  }
}

/** Docker Hub's API host is known as `docker.io` everywhere else. */
function registryHostOf(request: Uint8Array): string {
  const host = firstText(request);
  return host === "registry-1.docker.io" ? "docker.io" : host;
}
