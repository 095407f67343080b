import type { ServerHttp2Stream } from "node:http2";
import type { ContextEntry } from "../../context/contextEntry";
import { HardLinks } from "../../context/hardLinks";
import { messageOf } from "../../errors";
import { FileSender, write } from "./fileSender";
import { followPathsFilter } from "./followPaths";
import { finish, frame, grpcStatus, metadataValues, respond, takeMessages, type RawHeaders } from "./grpc";
import { decodePacket, encodeEnd, packetType } from "./packet";
import { PacketBatch } from "./packetBatch";

/** A directory that the daemon may read under a name: BuildKit asks for `context` and `dockerfile`. */
export interface SyncedDirectory {
  /** Where links can be looked up; nothing when the entries are not on disk. */
  readonly root?: string;
  /** Everything in it, parents before children, siblings in byte order. */
  entries(): AsyncIterable<readonly ContextEntry[]>;
}

/**
 * Answers one `moby.filesync.v1.FileSync/DiffCopy`: lists the directory, sends the files the daemon asks for, ends when it has all.
 *
 * @throws ImageBuilderError what reading the directory throws, after the daemon was told
 * @see https://github.com/tonistiigi/fsutil for the protocol
 */
export async function diffCopy(stream: ServerHttp2Stream, headers: RawHeaders, directories: ReadonlyMap<string, SyncedDirectory>): Promise<void> {
  respond(stream);
  const [name = ""] = metadataValues(headers, "dir-name");
  const directory = directories.get(name);
  if (!directory) return finish(stream, grpcStatus.notFound, `no access allowed to dir ${name}`);

  const sender = new FileSender(stream);
  try {
    // The daemon asks for files while the list still flows, so all three run at once.
    const followPaths = metadataValues(headers, "followpaths");
    await Promise.all([sendList(stream, directory, followPaths, sender), readRequests(stream, sender), sender.run()]);
    await write(stream, frame(encodeEnd()));
    finish(stream);
  } catch (error) {
    if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encodeEnd(messageOf(error))));
    throw error;
  }
}

async function sendList(stream: ServerHttp2Stream, directory: SyncedDirectory, followPaths: readonly string[], sender: FileSender): Promise<void> {
  const filter = followPathsFilter(followPaths, directory.root);
  const packets = new PacketBatch();
  const links = new HardLinks();
  // An old daemon asks for the ignore file by itself, and need not wait until the whole folder has been gone through.
  list: for await (const batch of directory.entries()) {
    for (const entry of batch) {
      if (filter.isPast(entry.path)) break list;
      if (!filter.wants(entry.path)) continue;
      const sent = links.resolve(entry);
      sender.add(sent);
      packets.addStat(sent);
      if (packets.isFull) await write(stream, packets.take());
    }
  }
  packets.addStat();
  await write(stream, packets.take());
}

/** Reads until the daemon says it has everything; `sender` then ends too. */
async function readRequests(stream: ServerHttp2Stream, sender: FileSender): Promise<void> {
  try {
    const isFinished = await takeMessages(stream, (message) => {
      const packet = decodePacket(message);
      if (packet.type === packetType.request) sender.request(packet.id);
      if (packet.type === packetType.error) throw new Error(packet.data.toString("utf8"));
      return packet.type === packetType.finish;
    });
    if (!isFinished) throw new Error("the daemon ended the transfer before it had everything");
  } finally {
    sender.end();
  }
}
