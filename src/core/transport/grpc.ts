import type { Http2Session, Http2Stream, ServerHttp2Stream } from "node:http2";
import type { Readable } from "node:stream";
import { FrameCutter, type FrameFormat } from "./frameCutter";

/** The gRPC status codes that our services answer with, or that decide something. */
export const grpcStatus = {
  ok: 0,
  unknown: 2,
  notFound: 5,
  exhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** An answer that is no message but a status. */
export class GrpcError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** A `google.rpc.Status`, where the answer has one. */
    readonly details?: Uint8Array,
  ) {
    super(message);
  }
}

/**
 * A call's metadata as it stands on the wire: node joins repeated headers with commas, which patterns may hold
 * themselves.
 */
export type RawHeaders = readonly string[];

/**
 * Every value of one metadata key, decoded; newer daemons escape values and say so with `<key>-encoded: 1`, older ones
 * send UTF-8 as it is.
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
 * How much may be on its way to us, in bytes, for a connection and for each call: with HTTP/2's own 64 KiB whatever a
 * daemon far away sends comes at 64 KiB per round trip.
 */
const windowBytes = 8 * 2 ** 20;

/** The settings of every HTTP/2 connection to or from BuildKit. */
export const connectionSettings = { initialWindowSize: windowBytes, maxConcurrentStreams: 1_000 } as const;

/** Lets a connection bring as much as each of its calls may. */
export function widenWindow(connection: Http2Session): void {
  if (!connection.destroyed) connection.setLocalWindowSize(windowBytes);
}

/** A flag byte and the length precede every message. */
export const frameHeadBytes = 5;

/** BuildKit's own limit: what is announced to be longer would be waited for and kept. */
const largestMessage = 16 * 1024 * 1024;

/**
 * The names, ids and scopes that a call with one message holds are much smaller. A thousand of them may come at once.
 */
const largestQuestion = 64 * 1024;

/** A status travels in a header: one that is too long would end the whole connection. */
const longestStatus = 1_000;

/** A gRPC message on the wire, its payload still to be filled in from `frameHeadBytes` on. */
function emptyFrame(length: number): Buffer {
  const framed = Buffer.allocUnsafe(frameHeadBytes + length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(length, 1);
  return framed;
}

/** A gRPC message on the wire. */
export function frame(payload: Uint8Array): Buffer {
  const framed = emptyFrame(payload.length);
  framed.set(payload, frameHeadBytes);
  return framed;
}

/**
 * The messages of a request or an answer, whatever the chunks they arrive in.
 *
 * @param largest how many bytes one may have
 * @throws GrpcError for a message that is too large
 */
export async function* messages(stream: Http2Stream, largest = largestMessage): AsyncGenerator<Buffer> {
  const cutter = new FrameCutter(framesUpTo(largest));
  // Whoever stops reading still wants to answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }))
    yield* cutter.cut(chunk as Buffer).map(payloadOf);
}

/**
 * Hands each message over as it arrives, until `take` answers true: for many small ones, each of which would else wait
 * for turns of its own.
 *
 * @returns whether `take` has answered true before the stream ended
 * @throws what `take` throws; Error when the stream is closed before its end
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

/** Sends the headers that precede every answer, and the status once the answer has ended. */
export function respond(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
}

/** Ends an answer that `respond` began, unless it has ended already. */
export function finish(stream: ServerHttp2Stream, status: number = grpcStatus.ok, message = ""): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.once("wantTrailers", () => {
    if (!stream.destroyed)
      stream.sendTrailers({ "grpc-status": String(status), ...(message && { "grpc-message": statusText(message) }) });
  });
  stream.end();
}

/** Half a character, such as of a file's name on Windows, has no encoding. */
function statusText(message: string): string {
  return encodeURIComponent(Buffer.from(message.slice(0, longestStatus)).toString("utf8"));
}

/** Answers a call that takes one message and gives one. */
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
    // More may come without end, and is passed over.
    stream.resume();
  }
  stream.write(frame(await handle(request)));
  finish(stream);
}
