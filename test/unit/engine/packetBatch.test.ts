import assert from "node:assert/strict";
import { Writer } from "protobufjs/minimal";
import { Random } from "../../../scripts/oracle/random.mjs";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { goModeOf, nanosecondsOf, packetType } from "../../../src/core/session/packet";
import { PacketBatch } from "../../../src/core/session/packetBatch";
import { decodeMessage } from "../../../src/core/transport/message";
import { Packet } from "../../../src/core/transport/proto/wire.pb";

describe("a batch of packets", () => {
  it("carries file data after a gRPC head", () => {
    const packets = new PacketBatch();
    packets.addData(300, 3).set([1, 2, 3]);
    const frame = packets.take();
    assert.equal(frame.readUInt32BE(1), frame.length - 5);
    const { type, ID, data } = decodeMessage(Packet, frame.subarray(5));
    assert.deepEqual([type, ID, [...data]], [packetType.data, 300, [1, 2, 3]]);
    assert.equal(packets.isEmpty, true);
  });

  it("has the bytes that protobuf's own encoder writes, whatever the entry", () => {
    const seed = Date.now() % 1e9;
    const random = new Random(seed);
    const packets = new PacketBatch();
    for (let i = 0; i < 3000; i++) {
      const entry = randomEntry(random);
      packets.addStat(entry);
      assert.equal(
        packets.take().toString("hex"),
        framed(statByProtobuf(entry)).toString("hex"),
        `seed ${seed}, entry ${JSON.stringify(entry)}`,
      );
    }
  });

  it("grows for what is larger than its buffer", () => {
    const packets = new PacketBatch();
    const entry: ContextEntry = { path: "x".repeat(900_000), kind: "file", mode: 0o644, sizeBytes: 1, mtimeMs: 1 };
    for (let i = 0; i < 3; i++) packets.addStat(entry);
    assert.equal(packets.take().toString("latin1"), framed(statByProtobuf(entry)).toString("latin1").repeat(3));
  });

  it("is full once there is enough for a write", () => {
    const packets = new PacketBatch();
    packets.addData(1, 200 * 1024);
    assert.equal(packets.isFull, false);
    packets.addData(1, 60 * 1024);
    assert.equal(packets.isFull, true);
  });

  it("fills the memory of a batch again once it is given back, and not before", () => {
    const packets = new PacketBatch();
    const take = (length: number): Buffer => {
      packets.addData(1, length);
      return packets.take();
    };
    const first = take(100);
    const second = take(100);
    assert.notEqual(second.buffer, first.buffer);
    packets.reuse(first);
    assert.equal(take(100).buffer, first.buffer);
    assert.notEqual(take(100).buffer, first.buffer);
    // One that had to grow is not kept.
    const large = take(2 * 1024 * 1024);
    packets.reuse(large);
    assert.notEqual(take(100).buffer, large.buffer);
  });
});

function statByProtobuf(entry: ContextEntry): Uint8Array {
  const packet = Writer.create().uint32(8).int32(packetType.stat);
  const stat = packet.uint32(18).fork();
  stat.uint32(10).string(entry.path);
  stat.uint32(16).uint32(goModeOf(entry));
  if (entry.sizeBytes > 0) stat.uint32(40).int64(entry.sizeBytes);
  stat.uint32(48).int64(nanosecondsOf(entry));
  if (entry.linkTarget !== undefined) stat.uint32(58).string(entry.linkTarget);
  return packet.ldelim().finish();
}

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function randomEntry(random: Random): ContextEntry {
  const kind = (["file", "directory", "symlink", "fifo"] as const)[random.below(4)] ?? "file";
  const name = Array.from(
    { length: 1 + random.below(random.below(10) === 0 ? 300 : 20) },
    () => ["a", "ü", "😀", "/", " ", "\n", ","][random.below(7)],
  ).join("");
  return {
    path: name,
    kind,
    mode: random.below(0o10000),
    sizeBytes: kind === "file" ? Math.floor(random.next() ** 8 * 2 ** 45) : 0,
    mtimeMs: [0, -random.below(1e12), random.next() * 2e12, random.below(1e6)][random.below(4)] ?? 0,
    ...(kind === "symlink" && { linkTarget: name.repeat(random.below(3)) }),
  };
}
