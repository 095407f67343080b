import { Writer } from "protobufjs/minimal";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { firstText } from "../transport/message";

/**
 * Answers `moby.buildkit.secrets.v1.Secrets/GetSecret`.
 *
 * @throws GrpcError `notFound`, which BuildKit takes for a secret that is not given; what reading it throws
 */
export async function answerSecret(
  request: Uint8Array,
  read: (id: string) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  const id = firstText(request);
  const value = await read(id);
  if (!value) throw new GrpcError(grpcStatus.notFound, `secret ${id} is not available`);
  return Writer.create().uint32(10).bytes(value).finish();
}
