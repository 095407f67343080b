import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { connect, performServerHandshake, type Http2Stream, type ServerHttp2Stream } from "node:http2";
import { createServer, type AddressInfo, connect as connectTcp } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { FileSender } from "../../../src/core/session/fileSender";
import { messages } from "../../../src/core/transport/grpc";
import { decodeMessage } from "../../../src/core/transport/message";
import { Packet } from "../../../src/core/transport/proto/wire.pb";
import { Random } from "../../../scripts/oracle/random.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** A connection that passes on late what it was given, without a copy, as a connection over a command does. */
class LateDuplex extends Duplex {
  other: LateDuplex | undefined;
  override _read(): void {}
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    void setTimeout(2).then(() => this.other?.push(bytes));
    done();
  }
  override _final(done: () => void): void {
    void setTimeout(20).then(() => this.other?.push(null));
    done();
  }
}

/** Both ends of a connection: of the one that sends files, and of the one that asks for them. */
type Ends = readonly [server: Duplex, client: Duplex];

const connections: Readonly<Record<string, () => Promise<Ends>>> = {
  "a socket": async () => {
    const listening = createServer().listen(0, "127.0.0.1");
    await once(listening, "listening");
    const client = connectTcp((listening.address() as AddressInfo).port, "127.0.0.1");
    const [server] = (await once(listening, "connection")) as [Duplex];
    listening.close();
    return [server, client];
  },
  "a connection that passes bytes on late": () => {
    const ends = [new LateDuplex(), new LateDuplex()] as const;
    [ends[0].other, ends[1].other] = [ends[1], ends[0]];
    return Promise.resolve(ends);
  },
};

const random = new Random(7);
const contents = Array.from({ length: 60 }, (_, i) =>
  Buffer.from(
    Uint8Array.from({ length: [10, 100_000, 131_073, 700_001, 0][i % 5] ?? 0 }, () => random.below(256)),
  ).toString("latin1"),
);

describe("the files that a daemon requests", () => {
  after(removeTemporaryFolders);

  for (const [how, open] of Object.entries(connections))
    it(`arrive as they are through ${how}, though memory is used again, all at once or one by one`, async () => {
      const root = temporaryFolder(Object.fromEntries(contents.map((content, i) => [`f${i}`, content])));
      const entries = contents.map((_, i): ContextEntry => {
        const file = join(root, `f${i}`);
        const { size, mode, mtimeMs } = statSync(file);
        return { path: `f${i}`, kind: "file", mode, sizeBytes: size, mtimeMs, content: file };
      });
      const [server, client] = await open();
      const sessions = [
        performServerHandshake(server),
        connect("http://localhost", { createConnection: () => client }),
      ] as const;
      try {
        const arrived = sessions[1].request({ ":method": "POST" });
        arrived.end();
        const [stream] = (await once(sessions[0], "stream")) as [ServerHttp2Stream];
        stream.respond();
        const sender = new FileSender(stream);
        for (const entry of entries) sender.add(entry);
        const running = sender.run();
        const [atOnce, later] = [entries.slice(0, 40), entries.slice(40)];
        for (const i of atOnce.keys()) sender.request(i);
        const asking = async (): Promise<void> => {
          for (const i of later.keys()) {
            await setTimeout(3);
            sender.request(atOnce.length + i);
          }
          sender.end();
          await running;
          stream.end();
        };
        const [files] = await Promise.all([read(arrived), asking()]);
        for (const [i, { path }] of entries.entries())
          assert.ok(files.get(i)?.equals(readFileSync(join(root, path))), path);
      } finally {
        for (const session of sessions) session.destroy();
      }
    });
});

/** Reads DATA packets, slowly: the bytes of each file by its number. */
async function read(stream: Http2Stream): Promise<Map<number, Buffer>> {
  const files = new Map<number, Buffer>();
  for await (const message of messages(stream)) {
    const { ID, data } = decodeMessage(Packet, message);
    files.set(ID, Buffer.concat([files.get(ID) ?? Buffer.alloc(0), data]));
    await setTimeout(1);
  }
  return files;
}
