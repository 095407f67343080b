import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { ImageBuilderError } from "../../src/core/base/errors";
import type { HostileAnswer } from "./hostileServer";

const json = { "content-type": "application/json" };

/**
 * Ways in which an answer that should be JSON can be wrong whatever it is about. Those that would last for ever are
 * apart.
 */
export const hostileBodies: Readonly<Record<string, HostileAnswer>> = {
  nothing: { kind: "whole" },
  "a page": { kind: "whole", headers: { "content-type": "text/html" }, body: "<html><script>alert(1)</script>" },
  "JSON under another content type": { kind: "whole", headers: { "content-type": "image/png" }, body: "[7]" },
  null: { kind: "whole", headers: json, body: "null" },
  "a text": { kind: "whole", headers: json, body: '"x"' },
  "a number out of range": { kind: "whole", headers: json, body: "1e999" },
  "an array of nulls": { kind: "whole", headers: json, body: "[null,null]" },
  "a million arrays in each other": {
    kind: "whole",
    headers: json,
    body: "[".repeat(1_000_000) + "]".repeat(1_000_000),
  },
  "a million arrays beside each other": { kind: "whole", headers: json, body: `[${"[],".repeat(1_000_000)}0]` },
  "half of an object": { kind: "whole", headers: json, body: '{"a":' },
  "half a character": { kind: "whole", headers: json, body: '{"\\ud800":"\\udfff"}' },
  "bytes that are no UTF-8": {
    kind: "whole",
    headers: json,
    body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0xc0, 0x80, 0x7d]),
  },
  "keys of every object": {
    kind: "whole",
    headers: json,
    body: '{"__proto__":{"Id":"x","tags":["x"]},"constructor":1,"toString":2,"hasOwnProperty":3}',
  },
  "compressed bytes that nobody asked for": {
    kind: "whole",
    headers: { ...json, "content-encoding": "gzip" },
    body: gzipSync("{}"),
  },
  "bytes that only claim to be compressed": {
    kind: "whole",
    headers: { ...json, "content-encoding": "gzip" },
    body: "{}{}{",
  },
  "less than it promised": { kind: "cut", headers: json, body: '{"a":1' },
  "nothing of what it promised": { kind: "cut", headers: json, body: "" },
  "a broken connection": { kind: "raw", bytes: "" },
  "no HTTP": { kind: "raw", bytes: "SSH-2.0-OpenSSH_9.2\r\n" },
  "a head without an end": { kind: "raw", bytes: `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}` },
  "a chunk that is none": { kind: "raw", bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
  "two lengths": { kind: "raw", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx" },
  "another protocol": {
    kind: "raw",
    bytes: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
  },
  "a way to nowhere": { kind: "whole", status: 302, headers: { location: "http://[" } },
  "a way to another protocol": { kind: "whole", status: 301, headers: { location: "ftp://127.0.0.1:1/" } },
  "a way to where nobody listens": { kind: "whole", status: 307, headers: { location: "http://127.0.0.1:1/" } },
  "an error without an end": { kind: "endless", status: 500 },
  "an error that never ends a word": { kind: "endless", status: 500, headers: json, body: '{"message":"' },
  "an error of wrong types": {
    kind: "whole",
    status: 500,
    headers: json,
    body: '{"message":{"a":1},"errors":[null,7,{"code":{},"message":[]}],"error":5}',
  },
  "an error with controls": {
    kind: "whole",
    status: 500,
    headers: json,
    body: JSON.stringify({
      message: "a\u001b[31m\u202eb\r\nc\0",
      errors: [{ code: "X", message: "a\u001b[31m\u202eb\r\nc\0" }],
    }),
  },
  "an error as a page": {
    kind: "whole",
    status: 502,
    headers: { "content-type": "text/html" },
    body: `<html>${"<p>bad gateway</p>".repeat(10_000)}`,
  },
  "an endless body": { kind: "endless", headers: json },
  "an endless array": { kind: "endless", headers: json, body: "[[]," },
};

const raw = new RegExp(
  [
    /\bundefined\b|\bNaN\b|\[object |is not a function|is not iterable|Cannot (?:read|convert)/u,
    /Unexpected (?:token|end|non-whitespace)|(?:Range|Type|Syntax|URI)Error|ZodError|Parse Error/u,
    /Invalid (?:input|URL|time value|string length|character in header)|socket hang up|ERR_[A-Z]/u,
    /<html|[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "u",
);

/** Sees that an error is one of ours, in plain words: nothing raw of what somebody answered, or of Node, is in it. */
export function assertPlain(error: unknown, what: string): asserts error is ImageBuilderError {
  assert.ok(ImageBuilderError.is(error), `${what}: not ours: ${error instanceof Error ? error.stack : String(error)}`);
  assert.ok(!raw.test(error.message), `${what}: ${JSON.stringify(error.message)}`);
  assert.ok(error.message.length < 4_000, `${what}: ${error.message.length} characters`);
  assert.ok(/[.!?…)]$/.test(error.message), `${what}: ${JSON.stringify(error.message)}`);
}

/** What a piece of work took. */
export interface Spent {
  readonly ms: number;
  /** Heap and buffers above what there was before, at most. */
  readonly peakMiB: number;
}

/** Measures a piece of work; what it throws is looked at by the caller. */
export async function measured(
  work: () => Promise<unknown>,
): Promise<Spent & { readonly failure: unknown; readonly result: unknown }> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const [before, startedAt] = [used(), performance.now()];
  let peak = before;
  const look = setInterval(() => (peak = Math.max(peak, used())), 5);
  let [failure, result]: [unknown, unknown] = [undefined, undefined];
  try {
    result = await work();
  } catch (error) {
    failure = error;
  }
  clearInterval(look);
  return { ms: performance.now() - startedAt, peakMiB: (Math.max(peak, used()) - before) / 2 ** 20, failure, result };
}
