import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { Reader, Writer } from "protobufjs/minimal";
import { ImageBuilderError } from "../base/errors";
import type { IssuedToken } from "../credentials/registryTokens";
import type { TokenQuestion } from "./sessionLogins";
import { GrpcError, grpcStatus } from "../transport/grpc";

/** What tokens are made of. */
export interface TokenSource {
  /** What the key for a host is made of; undefined where the daemon gets no tokens for it. */
  readonly seed: (host: string) => Promise<Uint8Array | undefined>;
  /** @throws what refusing or fetching throws */
  readonly token: (question: TokenQuestion) => Promise<IssuedToken>;
}

/** What precedes the seed of an Ed25519 key in PKCS#8. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyBytes = 32;
/** Real daemons send some 32 bytes. */
const largestPayload = 4096;

/**
 * Answers `moby.filesync.v1.Auth/GetTokenAuthority`: the public key that stands for a login, by which the daemon tells
 * whose images and tokens it holds.
 *
 * @throws GrpcError `unavailable` where there are no tokens, for which BuildKit asks for a login instead
 */
export async function answerAuthority(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const [host, salt] = fieldsOf(request);
  const key = await keyFor(text(host), salt, source);
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-publicKeyBytes);
  return Writer.create().uint32(10).bytes(publicKey).finish();
}

/**
 * Answers `moby.filesync.v1.Auth/VerifyTokenAuthority`: proves that the key is ours by NaCl's signature, which holds
 * the payload.
 *
 * @throws GrpcError `unavailable`
 */
export async function answerVerification(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const [host, payload = Buffer.alloc(0), salt] = fieldsOf(request);
  if (payload.length > largestPayload) throw new GrpcError(grpcStatus.unknown, "the payload to sign is too large");
  const signed = Buffer.concat([sign(null, payload, await keyFor(text(host), salt, source)), payload]);
  return Writer.create().uint32(10).bytes(signed).finish();
}

/**
 * Answers `moby.filesync.v1.Auth/FetchToken`.
 *
 * @throws GrpcError with the reason, which becomes the daemon's own
 */
export async function answerToken(request: Uint8Array, source: TokenSource): Promise<Uint8Array> {
  const { host, realm, service, scopes } = tokenQuestion(request);
  try {
    const { token, expiresInSeconds } = await source.token({ host, realm, service, scopes });
    return Writer.create()
      .uint32(10)
      .string(token)
      .uint32(16)
      .int64(expiresInSeconds)
      .uint32(24)
      .int64(Math.floor(Date.now() / 1000))
      .finish();
  } catch (error) {
    // The daemon may do without it, such as for a cache.
    if (ImageBuilderError.is(error)) throw new GrpcError(grpcStatus.unknown, error.message);
    throw error;
  }
}

async function keyFor(host: string, salt: Uint8Array | undefined, { seed }: TokenSource): Promise<KeyObject> {
  const secret = salt && (await seed(host));
  if (!secret) throw new GrpcError(grpcStatus.unavailable, `there are no tokens for ${host}`);
  const key = createHmac("sha256", salt).update(secret).digest();
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, key]), format: "der", type: "pkcs8" });
}

/** The bytes of fields 1 to 3. */
function fieldsOf(message: Uint8Array): (Uint8Array | undefined)[] {
  const fields: (Uint8Array | undefined)[] = [undefined, undefined, undefined];
  const reader = new Reader(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const number = tag >>> 3;
    if (number >= 1 && number <= 3 && (tag & 7) === 2) fields[number - 1] = reader.bytes();
    else reader.skipType(tag & 7);
  }
  return fields;
}

function tokenQuestion(message: Uint8Array): { host: string; realm: string; service: string; scopes: string[] } {
  const question = { host: "", realm: "", service: "", scopes: [] as string[] };
  const reader = new Reader(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 18) question.host = reader.string();
    else if (tag === 26) question.realm = reader.string();
    else if (tag === 34) question.service = reader.string();
    else if (tag === 42) question.scopes = question.scopes.concat(reader.string().split(" "));
    else reader.skipType(tag & 7);
  }
  return question;
}

function text(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString("utf8");
}
