import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import type { ServerHttp2Stream } from "node:http2";
import { dirname, join } from "node:path/posix";
import { messageOf } from "../base/errors";
import type { Log } from "../base/log";
import { AstrayPathError } from "./exportTarget";
import { finish, frame, messages, respond } from "../transport/grpc";
import { decodeMessage } from "../transport/message";
import { Packet } from "../transport/proto/wire.pb";
import { encodeEnd, encodeRequest, packetType } from "./packet";
import { receivedEntry, type ReceivedEntry } from "./receivedEntry";

/** File whose content has not arrived completely. */
interface PendingFile extends ReceivedEntry {
  fd?: number;
}

/**
 * Writes what the daemon sends to a folder. The daemon is not trusted: nothing is written outside `root` or through a
 * link.
 *
 * @see https://github.com/tonistiigi/fsutil/blob/master/receive.go
 */
export class ReceivedFolder {
  /** Received entries by path; the parent of each must be a directory among them. */
  readonly #entries = new Map<string, ReceivedEntry>();

  constructor(
    private readonly root: string,
    private readonly log: Log,
  ) {}

  /**
   * Receives one transfer.
   *
   * @throws Error for a path outside the folder, for an error that the daemon reports, and for what can't be written,
   * after reporting it to the daemon
   */
  async receive(stream: ServerHttp2Stream): Promise<void> {
    respond(stream);
    const pending = new Map<number, PendingFile>();
    try {
      await this.#readPackets(stream, pending);
      finish(stream);
    } catch (error) {
      if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encodeEnd(messageOf(error))));
      throw error;
    } finally {
      for (const { fd } of pending.values()) if (fd !== undefined) closeSync(fd);
    }
  }

  /**
   * Sets the times and modes of directories at the end, because writing into them would change the times, and the modes
   * could prevent it.
   */
  setTimes(root: string): void {
    for (const entry of [...this.#entries.values()].reverse()) {
      if (entry.kind !== "directory") continue;
      utimesSync(join(root, entry.path), entry.mtimeMs / 1000, entry.mtimeMs / 1000);
      chmodSync(join(root, entry.path), entry.mode);
    }
  }

  async #readPackets(stream: ServerHttp2Stream, pending: Map<number, PendingFile>): Promise<void> {
    let count = 0;
    let listed = false;
    for await (const message of messages(stream)) {
      const { type, ID: id, data, stat } = decodeMessage(Packet, message);
      if (type === packetType.error) throw new Error(`the daemon reports: ${Buffer.from(data).toString("utf8")}`);
      if (type === packetType.finish) return;
      if (type === packetType.data) this.#accept(pending, id, data);
      if (type === packetType.stat && !stat) listed = true;
      if (type === packetType.stat && stat) {
        const entry = receivedEntry(stat);
        if (this.#create(entry)) {
          pending.set(count, entry);
          // Waiting for the stream to drain would block the reading that drains it; requests are short.
          stream.write(frame(encodeRequest(count)));
        }
        count++;
      }
      if (listed && pending.size === 0) stream.write(frame(encodeEnd()));
    }
    throw new Error("the daemon ended the transfer before all files arrived");
  }

  /** Creates an entry. @returns whether its content must be requested */
  #create(entry: ReceivedEntry): boolean {
    const path = this.#checkedPath(entry);
    const time = entry.mtimeMs / 1000;
    switch (entry.kind) {
      case "directory":
        if (this.#entries.get(entry.path)?.kind !== "directory") mkdirSync(path, { mode: 0o700 });
        break;
      case "symlink":
        symlinkSync(entry.linkTarget, path);
        lutimesSync(path, time, time);
        break;
      case "file":
        if (entry.linkTarget !== "") this.#link(entry, path);
        else closeSync(openSync(path, "wx", 0o600));
        break;
      case "other":
        this.log.warn(`The device, pipe or socket "${entry.path}" is not exported.`);
    }
    this.#entries.set(entry.path, entry);
    return entry.kind === "file" && entry.linkTarget === "";
  }

  #link(entry: ReceivedEntry, path: string): void {
    const target = entry.linkTarget.replace(/^\//, "");
    if (this.#entries.get(target)?.kind !== "file")
      throw new Error(`"${entry.path}" is a link to "${target}", which is not a file that was sent before it`);
    linkSync(join(this.root, target), path);
  }

  #accept(pending: Map<number, PendingFile>, id: number, data: Uint8Array): void {
    const file = pending.get(id);
    if (!file) throw new Error(`the daemon sent a file that was not requested (number ${id})`);
    file.fd ??= openSync(join(this.root, file.path), "r+");
    for (let written = 0; written < data.length;) written += writeSync(file.fd, data, written);
    if (data.length > 0) return;
    pending.delete(id);
    futimesSync(file.fd, file.mtimeMs / 1000, file.mtimeMs / 1000);
    fchmodSync(file.fd, file.mode);
    closeSync(file.fd);
  }

  #checkedPath({ path, kind }: ReceivedEntry): string {
    const parent = dirname(path);
    const parts = path.split("/");
    const astray =
      parts.some((part) => part === "" || part === "." || part === "..") ||
      path.includes("\0") ||
      (process.platform === "win32" && /[\\:]/.test(path));
    const before = this.#entries.get(path)?.kind;
    if (
      astray ||
      (parent !== "." && this.#entries.get(parent)?.kind !== "directory") ||
      (before !== undefined && (before !== "directory" || kind !== "directory"))
    ) {
      throw new AstrayPathError(
        `the daemon sent the path ${JSON.stringify(path.slice(0, 200))}, which is outside the exported folder`,
      );
    }
    return join(this.root, path);
  }
}
