import type { CredentialAnswer } from "../credentials/credentialSource";
import { decodeMessage, encodeMessage } from "../transport/message";
import { CredentialsRequest, CredentialsResponse } from "../transport/proto/auth.pb";

/**
 * Answers `moby.filesync.v1.Auth/Credentials`, with which the daemon requests the credentials for a registry's host.
 *
 * @param find resolves to undefined if the daemon gets none
 */
export async function answerCredentials(
  request: Uint8Array,
  find: (host: string) => Promise<CredentialAnswer | undefined>,
): Promise<Uint8Array> {
  const answer = await find(decodeMessage(CredentialsRequest, request).Host);
  return encodeMessage(CredentialsResponse, responseFor(answer));
}

function responseFor(answer: CredentialAnswer | undefined): CredentialsResponse {
  if (!answer || "registryToken" in answer.credentials) return { Username: "", Secret: "" };
  const given = answer.credentials;
  if ("identityToken" in given) return { Username: "", Secret: given.identityToken };
  return { Username: given.username, Secret: given.password };
}
