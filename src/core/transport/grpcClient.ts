import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { connectionSettings, frame, GrpcError, grpcStatus, messages, widenWindow } from "./grpc";

/** Calls gRPC methods over an upgraded connection. */
export class GrpcClient {
  readonly #connection: ClientHttp2Session;

  constructor(socket: Duplex) {
    this.#connection = connect("http://buildkit", { createConnection: () => socket, settings: connectionSettings });
    this.#connection.once("connect", () => widenWindow(this.#connection));
    // The error also fails every running call.
    this.#connection.on("error", () => {});
  }

  /**
   * Sends a request and yields the messages of its response.
   *
   * @throws GrpcError for a response with a status other than ok; Error if the connection breaks
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

  /** Returns the only message of a response; otherwise the same as `call`. */
  async callOnce(path: string, request: Uint8Array): Promise<Uint8Array> {
    let answer: Uint8Array = new Uint8Array();
    for await (const message of this.call(path, request)) answer = message;
    return answer;
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
