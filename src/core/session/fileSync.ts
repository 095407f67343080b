import type { ServerHttp2Stream } from "node:http2";
import { isAbsolute } from "node:path";
import type { ContextEntry } from "../context/files/contextEntry";
import { PassedOver } from "../context/files/faults";
import { HardLinks } from "../context/files/hardLinks";
import type { PathScope } from "../context/files/pathScope";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { SentFiles } from "../operation/buildTrace";
import type { OfferedFiles } from "../operation/offeredFiles";
import { FileSender, write, writeBatch } from "./fileSender";
import { followPathsFilter } from "./followPaths";
import { finish, frame, metadataValues, respond, takeMessages, type RawHeaders } from "../transport/grpc";
import { decodeMessage } from "../transport/message";
import { Packet } from "../transport/proto/wire.pb";
import { encodeEnd, packetType } from "./packet";
import { PacketBatch } from "./packetBatch";

/** Directory that the daemon may read by name: BuildKit requests `context` and `dockerfile`. */
export interface SyncedDirectory {
  /** Folder in which links are resolved; undefined if the entries are not on disk. */
  readonly root?: string;
  /**
   * Lists the entries, parents before children, siblings in byte order. May list more than is wanted; entries that
   * can't be sent then have a fault.
   *
   * @param wanted undefined for everything
   */
  entries(wanted: PathScope | undefined): AsyncIterable<readonly ContextEntry[]>;
  /** Whether the daemon may read a path; default is every path. */
  readonly isGiven?: (path: string) => boolean;
  /** Asks whether the daemon may read everything, because it wants a path that it may not read; throws if not. */
  readonly confirmWhole?: (path: string) => Promise<void>;
  /** Receives the entries that couldn't be sent and were not required. */
  readonly onPassedOver?: (passedOver: PassedOver) => void;
  /** Called after each transfer with the files that were sent. */
  readonly onSent?: (sent: SentFiles) => void;
  /**
   * Called after each transfer with all files that were offered, and the hashes of those that were sent; undefined if
   * there are too many. Without it, nothing is hashed.
   */
  readonly onOffered?: (files: OfferedFiles | undefined) => void;
}

/** Path that Docker 20.10 requests by itself, before it uses the Dockerfile's own ignore file. */
const askedByItself = ".dockerignore";

/**
 * Answers one `moby.filesync.v1.FileSync/DiffCopy` call: lists the directory, sends the files that the daemon requests,
 * and ends when the daemon has all of them.
 *
 * @throws ImageBuilderError errors of reading the directory, after reporting them to the daemon
 * @see https://github.com/tonistiigi/fsutil for the protocol
 */
export async function diffCopy(
  stream: ServerHttp2Stream,
  headers: RawHeaders,
  directories: ReadonlyMap<string, SyncedDirectory>,
): Promise<void> {
  respond(stream);
  try {
    const { directory, followPaths } = questionIn(headers, directories);
    const sender = new FileSender(stream, { hashes: directory.onOffered !== undefined });
    await confirmUngiven(directory, followPaths);
    // The daemon requests files while the list is still being sent, so all three run concurrently.
    await Promise.all([sendList(stream, directory, followPaths, sender), readRequests(stream, sender), sender.run()]);
    directory.onSent?.(sender.sent);
    directory.onOffered?.(sender.offered);
    await write(stream, frame(encodeEnd()));
    finish(stream);
  } catch (error) {
    if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encodeEnd(messageOf(error))));
    throw error;
  }
}

/**
 * Reads the requested directory and paths. @throws ImageBuilderError `requestRefused` for a directory that is not
 * served, or a path that BuildKit never sends
 */
function questionIn(
  headers: RawHeaders,
  directories: ReadonlyMap<string, SyncedDirectory>,
): { directory: SyncedDirectory; followPaths: readonly string[] } {
  const [name = ""] = metadataValues(headers, "dir-name");
  const directory = directories.get(name);
  if (!directory) throw refused(`the folder ${JSON.stringify(name.slice(0, 200))}`);
  const followPaths = metadataValues(headers, "followpaths");
  const astray = followPaths.find(
    (path) => path.includes("\0") || isAbsolute(path) || path.startsWith("/") || path.split(/[\\/]/).includes(".."),
  );
  if (astray !== undefined) throw refused(`the path ${JSON.stringify(astray.slice(0, 200))}`);
  return { directory, followPaths };
}

function refused(what: string): ImageBuilderError {
  return new ImageBuilderError(
    "requestRefused",
    `The daemon requested ${what}, which is not part of this build. It was not sent. ` +
      "Check that the daemon can be trusted.",
  );
}

/** Asks for confirmation before anything is listed, if the daemon wants a path that it may not read. */
async function confirmUngiven(
  { root, entries, isGiven, confirmWhole }: SyncedDirectory,
  followPaths: readonly string[],
): Promise<void> {
  if (!isGiven || !confirmWhole || isAskedByItself(followPaths)) return;
  const { scope, wants, isPast } = followPathsFilter(followPaths, root);
  for await (const batch of entries(scope)) {
    for (const { path } of batch) {
      if (isPast(path)) return;
      if (wants(path) && !isGiven(path)) return confirmWhole(path);
    }
  }
}

function isAskedByItself(followPaths: readonly string[]): boolean {
  return followPaths.length === 1 && followPaths[0] === askedByItself;
}

async function sendList(
  stream: ServerHttp2Stream,
  directory: SyncedDirectory,
  followPaths: readonly string[],
  sender: FileSender,
): Promise<void> {
  const filter = followPathsFilter(followPaths, directory.root);
  const packets = new PacketBatch();
  const links = new HardLinks();
  const passedOver = new PassedOver();
  // An old daemon requests the ignore file by itself, and shouldn't wait for the whole folder to be listed.
  list: for await (const batch of directory.entries(filter.scope)) {
    for (const entry of batch) {
      if (filter.isPast(entry.path)) break list;
      if (entry.fault) {
        if (filter.requires(entry.path)) throw entry.fault;
        passedOver.add(entry.path, entry.fault);
        continue;
      }
      if (!filter.wants(entry.path) || !(directory.isGiven?.(entry.path) ?? true)) continue;
      const sent = links.resolve(entry);
      sender.add(sent);
      packets.addStat(sent);
      if (packets.isFull) await writeBatch(stream, packets);
    }
  }
  directory.onPassedOver?.(passedOver);
  packets.addStat();
  await writeBatch(stream, packets);
}

/** Reads requests until the daemon reports that it has everything; then ends `sender` too. */
async function readRequests(stream: ServerHttp2Stream, sender: FileSender): Promise<void> {
  try {
    const isFinished = await takeMessages(stream, (message) => {
      const packet = decodeMessage(Packet, message);
      if (packet.type === packetType.request && !sender.request(packet.ID))
        throw refused(`file number ${packet.ID} (unknown or already sent)`);
      if (packet.type === packetType.error) throw new Error(Buffer.from(packet.data).toString("utf8"));
      return packet.type === packetType.finish;
    });
    if (!isFinished) throw new Error("the daemon ended the transfer before it was complete");
  } finally {
    sender.end();
  }
}
