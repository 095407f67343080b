import type { Http2Session, Http2Stream, ServerHttp2Stream } from "node:http2";
import type { Readable } from "node:stream";
import { FrameCutter, type FrameFormat } from "./frameCutter";

/** gRPC status codes that our services respond with, or that decisions depend on. */
export const grpcStatus = {
  ok: 0,
  unknown: 2,
  notFound: 5,
  exhausted: 8,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Response with a status instead of a message. */
export class GrpcError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Encoded `google.rpc.Status`, if the response has one. */
    readonly details?: Uint8Array,
  ) {
    super(message);
  }
}

/** Metadata of a call as it is sent: Node joins repeated headers with commas, which patterns may contain themselves. */
export type RawHeaders = readonly string[];

/**
 * Returns every value of one metadata key, decoded. Newer daemons escape values and announce it with `<key>-encoded:
 * 1`; older ones send plain UTF-8.
 */
export function metadataValues(rawHeaders: RawHeaders, key: string): string[] {
  const values: string[] = [];
  let encoded = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase();
    const value = rawHeaders[i + 1] ?? "";
    if (name === key) values.push(value);
    else if (name === `${key}-encoded`) encoded = value === "1";
  }
  return values.map((value) =>
    encoded ? decodeURIComponent(value.replaceAll("+", "%20")) : Buffer.from(value, "latin1").toString("utf8"),
  );
}

/**
 * Flow-control window in bytes, for a connection and for each call: with HTTP/2's default of 64 KiB, a distant daemon
 * could send only 64 KiB per round trip.
 */
const windowBytes = 8 * 2 ** 20;

/** Settings of every HTTP/2 connection to or from BuildKit. */
export const connectionSettings = { initialWindowSize: windowBytes, maxConcurrentStreams: 1_000 } as const;

/** Widens a connection's window to that of each of its calls. */
export function widenWindow(connection: Http2Session): void {
  if (!connection.destroyed) connection.setLocalWindowSize(windowBytes);
}

/** Length of the head of every message: a flag byte and the message's length. */
export const frameHeadBytes = 5;

/** BuildKit's own limit in bytes: a message of any announced length would be awaited and kept. */
const largestMessage = 16 * 1024 * 1024;

/**
 * Limit on the message of a unary call, in bytes. Its names, ids, and scopes are much smaller, and a thousand such
 * calls may arrive at once.
 */
const largestQuestion = 64 * 1024;

/**
 * Limit on a status message, in characters: it is sent in a header, and one that is too long would end the whole
 * connection.
 */
const longestStatus = 1_000;

/** Creates a gRPC frame without its payload, which is then written from `frameHeadBytes` on. */
function emptyFrame(length: number): Buffer {
  const framed = Buffer.allocUnsafe(frameHeadBytes + length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(length, 1);
  return framed;
}

/** Creates a gRPC frame. */
export function frame(payload: Uint8Array): Buffer {
  const framed = emptyFrame(payload.length);
  framed.set(payload, frameHeadBytes);
  return framed;
}

/**
 * Yields the messages of a request or response, independent of its chunks.
 *
 * @param largest limit on each message, in bytes
 * @throws GrpcError for a message that is too large
 */
export async function* messages(stream: Http2Stream, largest = largestMessage): AsyncGenerator<Buffer> {
  const cutter = new FrameCutter(framesUpTo(largest));
  // A caller that stops reading still sends a response.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }))
    yield* cutter.cut(chunk as Buffer).map(payloadOf);
}

/**
 * Passes each message on as it arrives, until `take` returns true. Meant for many small messages, each of which would
 * otherwise wait for its own turns of the event loop.
 *
 * @returns whether `take` returned true before the stream ended
 * @throws errors of `take`; Error if the stream is closed before its end
 */
export function takeMessages(stream: Readable, take: (message: Buffer) => boolean): Promise<boolean> {
  const cutter = new FrameCutter(framesUpTo(largestMessage));
  let isOver = false;
  return new Promise((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      if (isOver) return;
      try {
        isOver = cutter.cut(chunk).some((each) => take(payloadOf(each)));
        if (isOver) resolve(true);
      } catch (error) {
        isOver = true;
        reject(error);
      }
    });
    stream.once("end", () => resolve(false));
    stream.once("close", () => reject(new Error("the call was closed")));
  });
}

function framesUpTo(largest: number): FrameFormat {
  return {
    headBytes: frameHeadBytes,
    frameBytes: (head) => {
      const length = head.readUInt32BE(1);
      if (length > largest)
        throw new GrpcError(
          grpcStatus.exhausted,
          `a message of ${length} bytes is too large; the maximum is ${largest}`,
        );
      return frameHeadBytes + length;
    },
  };
}

function payloadOf(framed: Buffer): Buffer {
  return framed.subarray(frameHeadBytes);
}

/** Sends the headers of a response, and prepares it for the status that follows its end. */
export function respond(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
}

/** Ends a response that `respond` started, unless it has already ended. */
export function finish(stream: ServerHttp2Stream, status: number = grpcStatus.ok, message = ""): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.once("wantTrailers", () => {
    if (!stream.destroyed)
      stream.sendTrailers({ "grpc-status": String(status), ...(message && { "grpc-message": statusText(message) }) });
  });
  stream.end();
}

/**
 * Encodes a message for a header. Replaces lone surrogates, as in file names on Windows, because they have no encoding.
 */
function statusText(message: string): string {
  return encodeURIComponent(Buffer.from(message.slice(0, longestStatus)).toString("utf8"));
}

/** Answers a call with one request message and one response message. */
export async function answerUnary(
  stream: ServerHttp2Stream,
  handle: (request: Buffer) => Promise<Uint8Array>,
): Promise<void> {
  respond(stream);
  let request: Buffer = Buffer.alloc(0);
  try {
    for await (const message of messages(stream, largestQuestion)) {
      request = message;
      break;
    }
  } finally {
    // Discards any further data, which may never end.
    stream.resume();
  }
  stream.write(frame(await handle(request)));
  finish(stream);
}
