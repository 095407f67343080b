import type { ClientHttp2Stream } from "node:http2";
import { Duplex } from "node:stream";
import { frame, messages } from "./grpc";
import { decodeMessage, encodeMessage } from "./message";
import { BytesMessage } from "./proto/control.pb";

/** Maximum number of bytes in one message: BuildKit refuses messages of 16 MiB. */
const largestPart = 2 ** 20;

/** Connection inside a call whose messages are pieces of it: BuildKit runs a session within `Control/Session`. */
export class MessageTunnel extends Duplex {
  #wantMore: () => void = () => {};

  constructor(private readonly call: ClientHttp2Stream) {
    super();
    void this.#receive();
    call.on("error", (error) => this.destroy(error));
    call.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#wantMore();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#send(chunk, callback);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: () => void): void {
    this.call.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.call.close();
    callback(error);
  }

  #send(bytes: Buffer, callback: (error?: Error | null) => void): void {
    let at = 0;
    for (; bytes.length - at > largestPart; at += largestPart)
      this.call.write(frame(encodeMessage(BytesMessage, { data: bytes.subarray(at, at + largestPart) })));
    this.call.write(frame(encodeMessage(BytesMessage, { data: bytes.subarray(at) })), callback);
  }

  async #receive(): Promise<void> {
    try {
      for await (const message of messages(this.call)) {
        if (!this.push(decodeMessage(BytesMessage, message).data))
          await new Promise<void>((resolve) => (this.#wantMore = resolve));
      }
      this.push(null);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
