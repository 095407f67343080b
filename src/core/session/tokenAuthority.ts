import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { ImageBuilderError } from "../base/errors";
import type { IssuedToken } from "../credentials/registryTokens";
import type { SessionTokenRequest } from "./sessionLogins";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { decodeMessage, encodeMessage } from "../transport/message";
import {
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from "../transport/proto/auth.pb";

/** Source of keys and tokens for registries. */
export interface TokenSource {
  /** Returns the seed of the key for a host; undefined if the daemon gets no tokens for it. */
  readonly seed: (host: string) => Promise<Uint8Array | undefined>;
  /** Fetches a token. @throws errors of refusing or fetching */
  readonly token: (question: SessionTokenRequest) => Promise<IssuedToken>;
}

/** Precedes the seed of an Ed25519 key in PKCS#8. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyBytes = 32;
/** Maximum payload size in bytes; real daemons send about 32. */
const largestPayload = 4096;

/**
 * Answers `moby.filesync.v1.Auth/GetTokenAuthority` with the public key that represents the credentials, by which the
 * daemon knows to whom its images and tokens belong.
 *
 * @throws GrpcError `unavailable` if there are no tokens; BuildKit then requests credentials
 */
export async function answerAuthority(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const { Host, Salt } = decodeMessage(GetTokenAuthorityRequest, request);
  const key = await keyFor(Host, Salt, source);
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-publicKeyBytes);
  return encodeMessage(GetTokenAuthorityResponse, { PublicKey: publicKey });
}

/**
 * Answers `moby.filesync.v1.Auth/VerifyTokenAuthority`: proves possession of the key with a NaCl signature, which
 * contains the payload.
 *
 * @throws GrpcError `unavailable`; GrpcError `unknown` for a payload that is too large
 */
export async function answerVerification(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const { Host, Payload, Salt } = decodeMessage(VerifyTokenAuthorityRequest, request);
  if (Payload.length > largestPayload) throw new GrpcError(grpcStatus.unknown, "the payload to sign is too large");
  const signed = Buffer.concat([sign(null, Payload, await keyFor(Host, Salt, source)), Payload]);
  return encodeMessage(VerifyTokenAuthorityResponse, { Signed: signed });
}

/**
 * Answers `moby.filesync.v1.Auth/FetchToken`.
 *
 * @throws GrpcError with the reason, which the daemon then reports
 */
export async function answerToken(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const asked = decodeMessage(FetchTokenRequest, request);
  const scopes = asked.Scopes.flatMap((each) => each.split(" "));
  try {
    const question = { host: asked.Host, realm: asked.Realm, service: asked.Service, scopes };
    const { token, expiresInSeconds } = await source.token(question);
    return encodeMessage(FetchTokenResponse, {
      Token: token,
      ExpiresIn: BigInt(expiresInSeconds),
      IssuedAt: BigInt(Math.floor(Date.now() / 1000)),
    });
  } catch (error) {
    // The build may continue without the token, for example without a cache.
    if (ImageBuilderError.is(error)) throw new GrpcError(grpcStatus.unknown, error.message);
    throw error;
  }
}

async function keyFor(host: string, salt: Uint8Array, { seed }: TokenSource): Promise<KeyObject> {
  const secret = salt.length > 0 ? await seed(host) : undefined;
  if (!secret) throw new GrpcError(grpcStatus.unavailable, `there are no tokens for ${host}`);
  const key = createHmac("sha256", salt).update(secret).digest();
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, key]), format: "der", type: "pkcs8" });
}
