import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, readdirSync, readlinkSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, membersOf, recordingLog, withinMs, withoutRoot } from "./support";

const mebibyte = 1024 * 1024;

/** A stream that does something when its first chunk comes. */
function onFirstChunk(act: () => void, chunks: Buffer[] = []): Writable {
  return new Writable({
    write(chunk: Buffer, _, done) {
      if (chunks.push(chunk) === 1) act();
      done();
    },
  });
}

function openFilesIn(root: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) ? [target] : [];
    } catch {
      return [];
    }
  });
}

describe("an archive whose files change while it is written", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);

  for (const gzip of [true, false]) {
    describe(gzip ? "with gzip" : "without gzip", () => {
      it("is given up when a file shrinks", async () => {
        const root = temporaryFolder({ big: incompressible(8 * mebibyte) });
        const output = onFirstChunk(() => truncateSync(join(root, "big"), mebibyte));
        await assert.rejects(
          new BuildContext({ root }).writeArchive(output, { gzip }),
          (error) => ImageBuilderError.is(error, "contextChanged") && /"big" is \d+ bytes shorter/.test(error.message),
        );
        assert.deepEqual(openFilesIn(root), []);
      });

      it("is given up when a file goes before its turn", async () => {
        const elsewhere = temporaryFolder({ extra: "x" });
        const context = new BuildContext({ root: temporaryFolder({ big: incompressible(4 * mebibyte) }) });
        context.addFile(join(elsewhere, "extra"), "zz");
        await assert.rejects(
          context.writeArchive(
            onFirstChunk(() => rmSync(join(elsewhere, "extra"))),
            { gzip },
          ),
          (error) => ImageBuilderError.is(error, "contextChanged") && error.message.includes('"zz" has been removed'),
        );
      });
    });
  }

  it("is given up when a file becomes a link or a pipe", async () => {
    const pipe = (path: string): void => void execFileSync("mkfifo", [path]);
    const link = (path: string): void => symlinkSync("/etc/passwd", path);
    for (const replacement of [link, pipe]) {
      const elsewhere = temporaryFolder({ extra: "x" });
      const context = new BuildContext({ root: temporaryFolder({ big: Buffer.alloc(4 * mebibyte) }) });
      context.addFile(join(elsewhere, "extra"), "zz");
      const output = onFirstChunk(() => {
        rmSync(join(elsewhere, "extra"));
        replacement(join(elsewhere, "extra"));
      });
      await assert.rejects(
        withinMs(30_000, context.writeArchive(output, { gzip: false })),
        (error) => ImageBuilderError.is(error, "contextChanged") && error.message.includes('"zz"'),
      );
    }
  });

  it("holds a file that grows as long as it was, and the log says so", async () => {
    const root = temporaryFolder({ big: Buffer.alloc(3 * mebibyte), next: "next" });
    const log = recordingLog();
    const chunks: Buffer[] = [];
    await new BuildContext({ root, log }).writeArchive(
      onFirstChunk(() => appendFileSync(join(root, "big"), "more"), chunks),
      { gzip: false },
    );
    assert.deepEqual(
      (await membersOf(Buffer.concat(chunks))).map(({ name, size }) => [name, size]),
      [
        ["big", 3 * mebibyte],
        ["next", 4],
      ],
    );
    assert.match(log.lines.join("\n"), /warn: The file "big" grew/);
  });

  it("names a file that cannot be read [Z77]", async () => {
    const root = temporaryFolder({ "d/secret": "x", a: "" });
    chmodSync(join(root, "d/secret"), 0);
    await withoutRoot(async () => {
      for (const gzip of [true, false]) {
        await assert.rejects(
          archiveOf(new BuildContext({ root }), { gzip }),
          (error) =>
            ImageBuilderError.is(error, "contextUnreadable") && /"d\/secret".*\.dockerignore/.test(error.message),
        );
      }
    });
  });
});

describe("an archive that is given up from outside", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);
  const reason = new Error("cancelled");

  for (const gzip of [true, false]) {
    describe(gzip ? "with gzip" : "without gzip", () => {
      it("rejects with the signal's reason, whenever it is aborted", async () => {
        const root = temporaryFolder({ big: incompressible(6 * mebibyte) });
        await assert.rejects(
          archiveOf(new BuildContext({ root }), { gzip, signal: AbortSignal.abort(reason) }),
          reason,
        );
        for (const chunkNumber of [1, 2, 4]) {
          const controller = new AbortController();
          let count = 0;
          const output = new Writable({
            write: (_chunk, _encoding, done) => (++count === chunkNumber && controller.abort(reason), done()),
          });
          await assert.rejects(
            new BuildContext({ root }).writeArchive(output, { gzip, signal: controller.signal }),
            reason,
          );
          assert.deepEqual(openFilesIn(root), []);
          assert.equal(output.destroyed, false);
        }
      });

      it("leaves no error of its stream without a listener once it was aborted", async () => {
        const controller = new AbortController();
        const output = new Writable({ write: () => void controller.abort(reason) });
        await assert.rejects(
          new BuildContext({ root: temporaryFolder({ a: "" }) }).writeArchive(output, {
            gzip,
            signal: controller.signal,
          }),
          reason,
        );
        output.destroy(new Error("the connection went with the abort"));
        await new Promise((resolve) => output.once("close", resolve));
      });

      it("rejects soon even if its stream takes nothing more", async () => {
        const root = temporaryFolder({ big: incompressible(6 * mebibyte) });
        const controller = new AbortController();
        const stuck = new Writable({ write: () => void controller.abort(reason) });
        await assert.rejects(
          withinMs(30_000, new BuildContext({ root }).writeArchive(stuck, { gzip, signal: controller.signal })),
          reason,
        );
        assert.deepEqual(openFilesIn(root), []);
      });

      it("rejects with its stream's error, at the first chunk or later", async () => {
        const root = temporaryFolder({ big: incompressible(6 * mebibyte) });
        const full = new Error("no space left");
        for (const chunkNumber of [1, 3]) {
          let count = 0;
          const output = new Writable({
            write: (_chunk, _encoding, done) => done(++count === chunkNumber ? full : null),
          });
          await assert.rejects(new BuildContext({ root }).writeArchive(output, { gzip }), full);
          assert.deepEqual(openFilesIn(root), []);
        }
        await assert.rejects(
          new BuildContext({ root: temporaryFolder({ a: "" }) }).writeArchive(
            new Writable({ write: (_chunk, _encoding, done) => done(full) }),
            { gzip },
          ),
          full,
        );
      });

      it("rejects when its stream is closed, before or meanwhile", async () => {
        const root = temporaryFolder({ big: incompressible(6 * mebibyte) });
        const gone = new PassThrough().destroy();
        await once(gone, "close");
        await assert.rejects(new BuildContext({ root }).writeArchive(gone, { gzip }), /closed too early/);
        const closing = new PassThrough();
        closing.once("data", () => closing.destroy());
        await assert.rejects(
          withinMs(30_000, new BuildContext({ root }).writeArchive(closing, { gzip })),
          /closed too early|destroyed/,
        );
      });

      it("rejects when the other end of a connection goes", async () => {
        const root = temporaryFolder({ big: incompressible(20 * mebibyte) });
        const server = createServer((incoming) =>
          incoming.once("data", () => incoming.socket.resetAndDestroy()),
        ).listen(0, "127.0.0.1");
        await once(server, "listening");
        try {
          const upload = request({ method: "POST", port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
          await assert.rejects(
            withinMs(30_000, new BuildContext({ root }).writeArchive(upload, { gzip })),
            /ECONNRESET|EPIPE|hang up|closed too early/,
          );
        } finally {
          server.close();
        }
      });
    });
  }

  it("waits for a slow stream and stays small meanwhile", async () => {
    const root = temporaryFolder({ big: Buffer.alloc(12 * mebibyte) });
    let taken = 0;
    let handed = 0;
    let mostAhead = 0;
    const slow = new Writable({
      write(chunk: Buffer, _, done) {
        mostAhead = Math.max(mostAhead, handed - taken);
        void setTimeout(5).then(() => {
          taken += chunk.length;
          done();
        });
      },
    });
    await new BuildContext({ root }).writeArchive(slow, { gzip: false, onBytes: (bytes) => (handed = bytes) });
    assert.ok(taken > 12 * mebibyte);
    assert.ok(mostAhead <= 2 * mebibyte, `${mostAhead} bytes ahead`);
  });

  it("lets the event loop run while it works", async function () {
    this.timeout(60_000);
    const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`d${i % 10}/f${i}`, "x"]));
    const root = temporaryFolder({ ...files, big: Buffer.alloc(64 * mebibyte) });
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    const start = process.cpuUsage();
    await archiveOf(new BuildContext({ root }), { gzip: false });
    clearInterval(heart);
    const ms = process.cpuUsage(start).user / 1000;
    assert.ok(beats >= ms / 100, `${beats} beats in ${ms} ms`);
  });
});

/** Bytes that gzip cannot make fewer, so that chunks keep coming. */
function incompressible(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = 1;
  for (let i = 0; i + 4 <= length; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE((state ^ (state >>> 13)) >>> 0, i);
  }
  return bytes;
}
