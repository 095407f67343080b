import assert from "node:assert/strict";
import { Writer } from "protobufjs/minimal";
import { decodeMessage } from "../../../src/core/transport/message";
import { SolveResponse, StatusResponse } from "../../../src/core/transport/proto/control.pb";

const malformed = (error: unknown): boolean =>
  error instanceof Error && error.message === "the daemon sent a malformed message" && error.cause instanceof Error;

function vertexes(count: number): Uint8Array {
  const writer = Writer.create();
  for (let i = 0; i < count; i++)
    writer.uint32(10).fork().uint32(10).string(`sha256:${i}`).uint32(26).string("RUN a").ldelim();
  return writer.finish();
}

describe("a message of the daemon", () => {
  const skipped: Readonly<Record<string, readonly number[]>> = {
    "a number": [0x78, 0xff, 0x01],
    "eight bytes": [0x79, 1, 2, 3, 4, 5, 6, 7, 8],
    "a text": [0x7a, 2, 0x61, 0x62],
    "four bytes": [0x7d, 1, 2, 3, 4],
    "a known field of another type": [0x18, 0x05],
  };
  for (const [what, bytes] of Object.entries(skipped)) {
    it(`may hold ${what} that is not known`, () => {
      const message = Uint8Array.of(...bytes, 0x1a, 3, 0x22, 1, 0x61, ...bytes);
      const [log, ...others] = decodeMessage(StatusResponse, message).logs;
      assert.deepEqual([String(log?.msg), others.length], ["97", 0]);
    });
  }

  it("may hold bytes that are no UTF-8 where a text should be", () => {
    const [vertex] = decodeMessage(StatusResponse, Uint8Array.of(0x0a, 3, 0x1a, 1, 0xe9)).vertexes;
    assert.equal(vertex?.name, "\ufffd");
  });

  it("may hold as much as a real one", () => {
    assert.equal(decodeMessage(StatusResponse, vertexes(20_000)).vertexes.length, 20_000);
  });

  const refused: Readonly<Record<string, readonly number[]>> = {
    "a length past the end": [0x0a, 0x7f, 0x0a, 0x00],
    "a length past the end, and then the tag 0, which alone would end it": [0x0a, 0x7f, 0x00, 0x00],
    "a length past the end in four bytes": [0x0a, 0xff, 0xff, 0xff, 0x7f],
    "a value that ends after the message that holds it": [
      0x0a, 4, 0x0a, 8, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61,
    ],
    "a number that ends after the message that holds it": [0x0a, 2, 0x20, 0xff, 0x01, 0x12, 0],
    "a number that does not end": [0x0a, 2, 0x20, 0xff],
    "a tag that does not end": [0x8a],
    "the tag 0": [0x00],
    "the field number 0": [0x02, 0],
    "a group": [0x0b, 0x0c],
    "the end of a group": [0x0c],
    "wire type 6": [0x0e, 1],
    "wire type 7": [0x0f, 1],
    "eight bytes past the end": [0x79, 1, 2, 3],
    "four bytes past the end": [0x7d, 1],
  };
  for (const [what, bytes] of Object.entries(refused)) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => decodeMessage(StatusResponse, Uint8Array.of(...bytes)), malformed);
    });
  }

  it("is refused where the generated code alone would take a part of another value", () => {
    const bytes = Uint8Array.of(...(refused["a value that ends after the message that holds it"] ?? []));
    assert.deepEqual(SolveResponse.decode(bytes).ExporterResponse, { aaaaaaaa: "" });
    assert.throws(() => decodeMessage(SolveResponse, bytes), malformed);
  });

  for (const [what, field] of Object.entries({ vertexes: 0x0a, statuses: 0x12, logs: 0x1a, warnings: 0x22 })) {
    it(`is refused with millions of ${what}, before they take the memory`, () => {
      const bytes = Buffer.alloc(16 * 2 ** 20);
      for (let at = 0; at < bytes.length; at += 2) bytes[at] = field;
      const before = process.memoryUsage().rss;
      assert.throws(() => decodeMessage(StatusResponse, bytes), malformed);
      const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
      assert.ok(grownMiB < 400, `${grownMiB.toFixed(0)} MiB`);
    });
  }
});
