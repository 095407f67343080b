import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { connectionSettings, frame, GrpcError, grpcStatus, messages, widenWindow } from "./grpc";

/** Calls gRPC methods over an upgraded connection. */
export class GrpcClient {
  readonly #connection: ClientHttp2Session;

  constructor(socket: Duplex) {
    this.#connection = connect("http://buildkit", { createConnection: () => socket, settings: connectionSettings });
    this.#connection.once("connect", () => widenWindow(this.#connection));
    // Every call that runs fails with it.
    this.#connection.on("error", () => {});
  }

  /**
   * The messages that answer one.
   *
   * @throws GrpcError for an answer that ends with another status than ok; Error when the connection breaks
   */
  async *call(path: string, request: Uint8Array): AsyncGenerator<Buffer, undefined> {
    const stream = this.#connection.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    let end: IncomingHttpHeaders = {};
    stream.on("response", (headers) => (end = headers));
    stream.on("trailers", (trailers: IncomingHttpHeaders) => (end = trailers));
    stream.end(frame(request));
    yield* messages(stream);
    const status = end["grpc-status"];
    if (status === undefined)
      throw Object.assign(new Error("the connection ended before the answer"), { code: "ECONNRESET" });
    if (Number(status) === grpcStatus.ok) return;
    throw new GrpcError(Number(status), unescaped(String(end["grpc-message"] ?? "")), detailsIn(end));
  }

  /** The one message that answers another; the rest as `call`. */
  async callOnce(path: string, request: Uint8Array): Promise<Uint8Array> {
    let answer: Uint8Array = new Uint8Array();
    for await (const message of this.call(path, request)) answer = message;
    return answer;
  }

  /** Ends the connection; what runs is cancelled. */
  close(): void {
    // Node finishes setting it up in a later turn, which fails on a connection that is gone.
    setImmediate(() => this.#connection.destroy());
  }
}

/** A binary header comes as base64, without padding. */
function detailsIn(end: IncomingHttpHeaders): Uint8Array | undefined {
  const details = end["grpc-status-details-bin"];
  return typeof details === "string" ? Buffer.from(details, "base64") : undefined;
}

/** gRPC escapes single bytes of UTF-8. */
function unescaped(message: string): string {
  const bytes = message.replace(/%([0-9A-Fa-f]{2})/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
