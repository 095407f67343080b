import { Writer } from "protobufjs/minimal";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { firstText } from "../transport/message";

/**
 * Answers `moby.filesync.v1.Auth/Credentials`: the daemon asks for a host where a registry wants a password.
 *
 * @param find answers undefined where the daemon gets none
 */
export async function answerCredentials(
  request: Uint8Array,
  find: (host: string) => Promise<CredentialAnswer | undefined>,
): Promise<Uint8Array> {
  const answer = await find(firstText(request));
  const response = Writer.create();
  if (!answer || "registryToken" in answer.credentials) return response.finish();
  const given = answer.credentials;
  if ("identityToken" in given) return response.uint32(18).string(given.identityToken).finish();
  return response.uint32(10).string(given.username).uint32(18).string(given.password).finish();
}
