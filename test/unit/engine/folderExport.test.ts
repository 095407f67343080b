import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Writer } from "protobufjs/minimal";
import { FolderExport } from "../../../src/core/session/folderExport";
import { frame } from "../../../src/core/transport/grpc";
import { encodeEnd, goMode } from "../../../src/core/session/packet";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation, type RecordingOperation } from "../../support/operation";

const directory = (path: string): Uint8Array => stat(path, goMode.directory + 0o755);
const symlink = (path: string, target: string): Uint8Array => stat(path, goMode.symlink + 0o777, target);
const file = (path: string, hardLinkTo = ""): Uint8Array => stat(path, 0o644, hardLinkTo);
const listEnd = Writer.create().uint32(8).int32(0).finish();

function stat(path: string, mode: number, linkTarget = ""): Uint8Array {
  return Writer.create()
    .uint32(8)
    .int32(0)
    .uint32(18)
    .fork()
    .uint32(10)
    .string(path)
    .uint32(16)
    .uint32(mode)
    .uint32(58)
    .string(linkTarget)
    .ldelim()
    .finish();
}

function data(id: number, text: string): Uint8Array {
  return Writer.create().uint32(8).int32(2).uint32(24).uint32(id).uint32(34).string(text).finish();
}

describe("an exported folder from a daemon that means harm", () => {
  let dest: string;
  let outside: string;
  let operation: RecordingOperation;
  beforeEach(() => {
    outside = temporaryFolder({ "victim.txt": "untouched" });
    dest = join(outside, "out");
    operation = recordingOperation();
  });
  after(removeTemporaryFolders);

  /** Sends packets over a real HTTP/2 stream, and gives what receiving them ends with. */
  async function send(packets: readonly Uint8Array[]): Promise<Error | undefined> {
    const target = new FolderExport(dest, operation.log);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const received = new Promise<Error | undefined>((resolve) => {
      server.once("stream", (stream: ServerHttp2Stream) => {
        target
          .receive(stream)
          .then(() => target.commit())
          .then(
            () => resolve(undefined),
            (error: Error) => {
              stream.end();
              resolve(error);
            },
          );
      });
    });
    const stream = client.request({ ":method": "POST", ":path": "/moby.filesync.v1.FileSend/DiffCopy" }).resume();
    for (const packet of packets) stream.write(frame(packet));
    stream.end();
    const result = await received;
    await target.discard();
    client.destroy();
    server.close();
    return result;
  }

  it("is written when it means none", async () => {
    assert.equal(
      await send([directory("dir"), file("dir/a"), listEnd, data(1, "hello"), data(1, ""), encodeEnd()]),
      undefined,
    );
    assert.equal(readFileSync(join(dest, "dir/a"), "utf8"), "hello");
  });

  it("is written without pipes and devices, which are told", async () => {
    assert.equal(
      await send([stat("pipe", goMode.fifo + 0o644), file("a"), listEnd, data(1, "hello"), data(1, ""), encodeEnd()]),
      undefined,
    );
    assert.deepEqual(readdirSync(dest), ["a"]);
    assert.deepEqual(operation.logged, ['warn: The device, pipe or socket "pipe" is not exported.']);
  });

  const attacks: readonly (readonly [what: string, packets: readonly Uint8Array[]])[] = [
    ["a path to the parent", [file("../victim.txt")]],
    ["a path with the parent in it", [directory("a"), file("a/../../victim.txt")]],
    ["an absolute path", [file("/etc/image-builders-test")]],
    ["a path over a link that it sent before", [symlink("a", ".."), file("a/victim.txt")]],
    ["a folder over a link that it sent before", [symlink("a", ".."), directory("a"), file("a/victim.txt")]],
    ["a file over a link that it sent before", [symlink("a", "../victim.txt"), file("a")]],
    ["a file below a file", [file("a"), file("a/b")]],
    ["a file in a folder that it did not send", [file("a/b")]],
    ["a hard link to the outside", [file("a", "../victim.txt")]],
    ["a hard link to a link", [symlink("a", "../victim.txt"), file("b", "a")]],
    ["an empty path", [directory("")]],
    ["a path that is the folder itself", [directory(".")]],
    ["a path with an empty part", [directory("a"), file("a//b")]],
    ["a path with a NUL", [file("a\0b")]],
    ["bytes that were not asked for", [file("a"), data(7, "x")]],
    ["an end before the files' ends", [file("a"), listEnd, data(0, "x")]],
    ["its own failure", [file("a"), encodeEnd("disk on fire")]],
  ];
  for (const [what, packets] of attacks) {
    it(`is refused for ${what}, and leaves nothing`, async () => {
      const error = await send(packets);
      assert.match(
        String(error),
        /ImageBuilderError: (Can't write the build result to|The daemon sent the path .* outside the exported folder)/,
      );
      assert.deepEqual(readdirSync(outside), ["victim.txt"]);
      assert.equal(readFileSync(join(outside, "victim.txt"), "utf8"), "untouched");
      assert.ok(!existsSync("/etc/image-builders-test"));
    });
  }
});
