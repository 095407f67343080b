import type { ServerHttp2Stream } from "node:http2";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { exportFailure, nameBeside, type ExportTarget } from "./exportTarget";
import { finish, messages, respond } from "../transport/grpc";
import { decodeMessage } from "../transport/message";
import { BytesMessage } from "../transport/proto/filesync.pb";

/** Target for a result that is a single file, such as a tar archive. */
export class FileExport implements ExportTarget {
  readonly #part: string;

  /** @param dest absolute path of the file, which is replaced if it exists */
  constructor(private readonly dest: string) {
    this.#part = nameBeside(dest);
  }

  async receive(stream: ServerHttp2Stream): Promise<void> {
    respond(stream);
    await this.write(contentOf(stream));
    finish(stream);
  }

  /** Writes the result to a temporary file. @throws ImageBuilderError `exportFailed`; errors of `content` */
  async write(content: AsyncIterable<Uint8Array>): Promise<void> {
    await mkdir(dirname(this.dest), { recursive: true }).catch((error: unknown) => this.#fail(error));
    const file = await open(this.#part, "wx").catch((error: unknown) => this.#fail(error));
    try {
      for await (const bytes of content) await file.writeFile(bytes).catch((error: unknown) => this.#fail(error));
      await file.sync().catch((error: unknown) => this.#fail(error));
    } finally {
      await file.close();
    }
  }

  async commit(): Promise<void> {
    await rename(this.#part, this.dest).catch((error: unknown) => this.#fail(error));
  }

  async discard(): Promise<void> {
    await rm(this.#part, { force: true });
  }

  #fail(error: unknown): never {
    throw exportFailure(this.dest, error);
  }
}

async function* contentOf(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array> {
  for await (const message of messages(stream)) yield decodeMessage(BytesMessage, message).data;
}
