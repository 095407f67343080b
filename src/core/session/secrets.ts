import { GrpcError, grpcStatus } from "../transport/grpc";
import { decodeMessage, encodeMessage } from "../transport/message";
import { GetSecretRequest, GetSecretResponse } from "../transport/proto/secrets.pb";

/**
 * Answers `moby.buildkit.secrets.v1.Secrets/GetSecret`.
 *
 * @throws GrpcError `notFound`, which BuildKit treats as a secret that was not provided; errors of reading it
 */
export async function answerSecret(
  request: Uint8Array,
  read: (id: string) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  const { ID: id } = decodeMessage(GetSecretRequest, request);
  const value = await read(id);
  if (!value) throw new GrpcError(grpcStatus.notFound, `secret ${id} is not available`);
  return encodeMessage(GetSecretResponse, { data: value });
}
