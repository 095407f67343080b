import { constants, open, realpath, type FileHandle } from "node:fs/promises";
import type { ServerHttp2Stream } from "node:http2";
import { join, sep } from "node:path";
import { isDigest } from "../base/digest";
import { liesAt } from "../context/files/realFolder";
import { systemCodeOf } from "../base/errors";
import {
  answerUnary,
  finish,
  frame,
  GrpcError,
  grpcStatus,
  messages,
  metadataValues,
  respond,
  type RawHeaders,
} from "../transport/grpc";
import { decodeMessage, encodeMessage } from "../transport/message";
import { InfoRequest, InfoResponse, ReadContentRequest, ReadContentResponse } from "../transport/proto/content.pb";
import { write } from "./fileSender";

/** Folder of an OCI image layout that the daemon may read the blobs of. */
export interface ServedLayout {
  /** Name by which the daemon asks for it. */
  readonly storeId: string;
  /** Real path of the folder. */
  readonly root: string;
}

/** Metadata key with which BuildKit chooses a layout. */
const storeKey = "buildkit-attachable-store-id";
/** Bytes per message; containerd's own server sends as many. */
const chunkBytes = 2 ** 20;
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Answers `containerd.services.content.v1.Content/Info`: the size of a blob, in bytes.
 *
 * @throws GrpcError `notFound` for a layout that is not served and for a blob that it doesn't have
 */
export async function answerInfo(
  stream: ServerHttp2Stream,
  headers: RawHeaders,
  layouts: readonly ServedLayout[],
): Promise<void> {
  await answerUnary(stream, async (request) => {
    const { digest } = decodeMessage(InfoRequest, request);
    const blob = await openBlob(headers, layouts, digest);
    try {
      return encodeMessage(InfoResponse, { info: { digest, size: BigInt((await blob.stat()).size) } });
    } finally {
      await blob.close();
    }
  });
}

/**
 * Answers `containerd.services.content.v1.Content/Read`: a part of a blob. A size of 0 means everything from the offset
 * on. The daemon compares what it gets with the digest.
 *
 * @throws GrpcError as `answerInfo`; file system errors
 */
export async function answerRead(
  stream: ServerHttp2Stream,
  headers: RawHeaders,
  layouts: readonly ServedLayout[],
): Promise<void> {
  respond(stream);
  const { value: request } = await messages(stream).next();
  stream.resume();
  const { digest, offset, size } = decodeMessage(ReadContentRequest, request ?? Buffer.alloc(0));
  const blob = await openBlob(headers, layouts, digest);
  try {
    const whole = BigInt((await blob.stat()).size);
    if (offset < 0n || offset > whole || size < 0n) throw new GrpcError(grpcStatus.outOfRange, `offset ${offset}`);
    const end = Number(size === 0n || offset + size > whole ? whole : offset + size);
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let at = Number(offset); at < end;) {
      const { bytesRead } = await blob.read(buffer, 0, Math.min(chunkBytes, end - at), at);
      if (bytesRead === 0) throw new GrpcError(grpcStatus.outOfRange, `the blob ${digest} was cut short`);
      const data = buffer.subarray(0, bytesRead);
      await write(stream, frame(encodeMessage(ReadContentResponse, { offset: BigInt(at), data })));
      at += bytesRead;
    }
    finish(stream);
  } finally {
    await blob.close();
  }
}

/** Opens a blob below the layout's folder; a link that leads out, also one put there just now, counts as missing. */
async function openBlob(headers: RawHeaders, layouts: readonly ServedLayout[], digest: string): Promise<FileHandle> {
  const [storeId] = metadataValues(headers, storeKey);
  const layout = layouts.find((each) => `oci:${each.storeId}` === storeId);
  if (!layout || !isDigest(digest)) throw missing(digest);
  try {
    const path = await realpath(join(layout.root, "blobs", ...digest.split(":")));
    if (!path.startsWith(layout.root.endsWith(sep) ? layout.root : layout.root + sep)) throw missing(digest);
    const blob = await open(path, openFlags);
    if ((await blob.stat()).isFile() && liesAt(blob.fd, path)) return blob;
    await blob.close();
  } catch (error) {
    if (!["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"].includes(systemCodeOf(error) ?? "")) throw error;
  }
  throw missing(digest);
}

function missing(digest: string): GrpcError {
  return new GrpcError(grpcStatus.notFound, `the blob ${digest.slice(0, 140)} is not in the layout`);
}
