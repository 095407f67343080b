import type { ClientHttp2Stream, Http2Stream, IncomingHttpHeaders } from "node:http2";
import { Reader, Writer } from "protobufjs/minimal";

/** A gRPC message with its head. */
export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A message of text fields, by their numbers. */
export function textMessage(fields: Readonly<Record<number, string | Uint8Array | readonly string[]>>): Uint8Array {
  const writer = Writer.create();
  for (const [number, value] of Object.entries(fields)) {
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [value as string | Uint8Array]) {
      const tag = writer.uint32(Number(number) * 8 + 2);
      if (typeof each === "string") tag.string(each);
      else tag.bytes(each);
    }
  }
  return writer.finish();
}

/** The fields of a message by number: bytes, or whole numbers. */
export function decode(message: Uint8Array): Map<number, (Buffer | number)[]> {
  const fields = new Map<number, (Buffer | number)[]>();
  const reader = new Reader(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const number = tag >>> 3;
    if ((tag & 7) === 2) fields.set(number, [...(fields.get(number) ?? []), Buffer.from(reader.bytes())]);
    else if ((tag & 7) === 0) fields.set(number, [...(fields.get(number) ?? []), Number(reader.int64())]);
    else reader.skipType(tag & 7);
  }
  return fields;
}

/** The messages of a stream. */
export async function* messagesOf(stream: Http2Stream): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      yield rest.subarray(5, end);
      rest = rest.subarray(end);
    }
  }
}

/** The status that ends a stream. */
export function endOf(stream: ClientHttp2Stream): Promise<{ status: number; message: string }> {
  return new Promise((resolve) => {
    let last: IncomingHttpHeaders = {};
    stream.on("response", (headers) => (last = headers));
    stream.on("trailers", (trailers: IncomingHttpHeaders) => (last = trailers));
    stream.on("close", () =>
      resolve({
        status: Number(last["grpc-status"] ?? -1),
        message: decodeURIComponent(String(last["grpc-message"] ?? "")),
      }),
    );
  });
}
