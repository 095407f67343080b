import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { connectionSettings, frame, GrpcError, grpcStatus, messages, widenWindow } from "./grpc";

/** Headers of a call in addition to gRPC's own; a header with several values is sent once for each. */
type CallHeaders = Readonly<Record<string, string | string[]>>;

/** Calls of gRPC methods, such as those of BuildKit. */
export interface GrpcCalls {
  /**
   * Sends a request and yields the messages of its response.
   *
   * @throws GrpcError for a response with a status other than ok; Error if the connection breaks
   */
  call(path: string, request: Uint8Array): AsyncGenerator<Uint8Array, undefined>;
}

/** Returns the only message of a response. @throws errors of `call` */
export async function callOnce(calls: GrpcCalls, path: string, request: Uint8Array): Promise<Uint8Array> {
  let answer: Uint8Array = new Uint8Array();
  for await (const message of calls.call(path, request)) answer = message;
  return answer;
}

/** Calls gRPC methods over a connection. */
export class GrpcClient implements GrpcCalls {
  readonly #connection: ClientHttp2Session;
  #failure: Error | undefined;

  /** @param authority host that proxies see; the daemon ignores it */
  constructor(socket: Duplex, authority = "buildkit") {
    // A TLS server may refuse a client's certificate only after the handshake, before there is any call.
    socket.on("error", (error) => (this.#failure ??= error));
    this.#connection = connect(`http://${authority}`, {
      createConnection: () => socket,
      settings: connectionSettings,
    });
    this.#connection.once("connect", () => widenWindow(this.#connection));
    // The error also fails every running call.
    this.#connection.on("error", (error: Error) => (this.#failure ??= error));
  }

  /** @param headers headers in addition to gRPC's own */
  async *call(path: string, request: Uint8Array, headers: CallHeaders = {}): AsyncGenerator<Buffer, undefined> {
    let end: IncomingHttpHeaders = {};
    try {
      const stream = this.open(path, headers);
      stream.on("response", (headers) => (end = headers));
      stream.on("trailers", (trailers: IncomingHttpHeaders) => (end = trailers));
      stream.end(frame(request));
      yield* messages(stream);
    } catch (error) {
      throw error instanceof GrpcError ? error : (this.#failure ?? error);
    }
    const status = end["grpc-status"];
    if (status === undefined)
      throw this.#failure ?? Object.assign(new Error("the connection ended before the answer"), { code: "ECONNRESET" });
    if (Number(status) === grpcStatus.ok) return;
    throw new GrpcError(Number(status), unescaped(String(end["grpc-message"] ?? "")), detailsIn(end));
  }

  /** Starts a call whose messages go both ways. @throws Error if the connection is broken */
  open(path: string, headers: CallHeaders = {}): ClientHttp2Stream {
    return this.#connection.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
  }

  /** Closes the connection and cancels running calls. */
  close(): void {
    // Node finishes setting up the connection in a later turn, which fails if it is already destroyed.
    setImmediate(() => this.#connection.destroy());
  }
}

/** Decodes the binary details, which are base64 without padding. */
function detailsIn(end: IncomingHttpHeaders): Uint8Array | undefined {
  const details = end["grpc-status-details-bin"];
  return typeof details === "string" ? Buffer.from(details, "base64") : undefined;
}

/** Decodes gRPC's escapes, which represent single bytes of UTF-8. */
function unescaped(message: string): string {
  const bytes = message.replace(/%([0-9A-Fa-f]{2})/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
