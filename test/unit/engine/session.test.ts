import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { followPathsFilter } from "../../../src/core/session/followPaths";
import { frame, metadataValues, takeMessages } from "../../../src/core/transport/grpc";
import { encodeEnd, packetType } from "../../../src/core/session/packet";
import { decodeMessage } from "../../../src/core/transport/message";
import { Packet } from "../../../src/core/transport/proto/wire.pb";

describe("metadataValues", () => {
  it("keeps repeated values apart, commas within them included", () => {
    assert.deepEqual(
      metadataValues([":path", "/x", "followpaths", "a,b", "other", "c", "followpaths", "d"], "followpaths"),
      ["a,b", "d"],
    );
  });

  it("reads raw UTF-8 of older daemons", () => {
    assert.deepEqual(metadataValues(["followpaths", Buffer.from("ü/😀").toString("latin1")], "followpaths"), ["ü/😀"]);
  });

  it("reads the escaped values of newer daemons", () => {
    assert.deepEqual(metadataValues(["followpaths", "a+b%2Bc%C3%BC", "followpaths-encoded", "1"], "followpaths"), [
      "a b+cü",
    ]);
  });
});

describe("takeMessages", () => {
  const wire = Buffer.concat(["a", "stop", "b"].map((text) => frame(Buffer.from(text))));

  for (const [what, chunks] of [
    ["one chunk", [wire]],
    ["single bytes", [...wire].map((byte) => Buffer.of(byte))],
  ] as const) {
    it(`takes no message after the last one that is wanted (${what})`, async () => {
      const stream = Readable.from(chunks);
      const taken: string[] = [];
      assert.equal(
        await takeMessages(stream, (message) => taken.push(String(message)) > 0 && String(message) === "stop"),
        true,
      );
      if (!stream.closed) await once(stream, "close");
      assert.deepEqual(taken, ["a", "stop"]);
    });

    it(`takes no message after one that was refused (${what})`, async () => {
      const stream = Readable.from(chunks);
      const taken: string[] = [];
      const refuse = (message: Buffer): boolean => {
        if (taken.push(String(message)) === 2) throw new Error("no more");
        return false;
      };
      await assert.rejects(takeMessages(stream, refuse), /no more/);
      if (!stream.closed) await once(stream, "close");
      assert.deepEqual(taken, ["a", "stop"]);
    });
  }

  it("tells that the stream ended before", async () => {
    assert.equal(await takeMessages(Readable.from([wire]), () => false), false);
  });

  it("fails when the stream is closed before its end", async () => {
    const stream = new PassThrough();
    const taken = takeMessages(stream, () => false);
    stream.destroy();
    await assert.rejects(taken, /closed/);
  });
});

describe("packets", () => {
  it("carry the words of an error", () => {
    assert.equal(String(Buffer.from(decodeMessage(Packet, encodeEnd("gone")).data)), "gone");
    assert.equal(decodeMessage(Packet, encodeEnd()).type, packetType.finish);
  });
});

describe("followPathsFilter", () => {
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "follow-"));
    mkdirSync(join(root, "src/deep"), { recursive: true });
    mkdirSync(join(root, "links"));
    writeFileSync(join(root, "src/a.txt"), "a");
    symlinkSync("src", join(root, "link"));
    symlinkSync("../src/a.txt", join(root, "links/a"));
  });
  after(() => rmSync(root, { recursive: true }));

  const paths = ["link", "other", "other/x", "src", "src/a.txt", "src/b.txt", "src/deep", "src/deep/c", "srcs"];
  const cases: readonly (readonly [what: string, followPaths: readonly string[], kept: readonly string[]])[] = [
    ["nothing asked for means everything", [], paths],
    ["a file brings the directories above it", ["src/a.txt"], ["src", "src/a.txt"]],
    ["a directory brings all below it, not its namesakes", ["src/deep"], ["src", "src/deep", "src/deep/c"]],
    ["a leading slash and dots have no meaning", ["/./src/../src/deep/"], ["src", "src/deep", "src/deep/c"]],
    ["a wildcard brings its whole directory", ["src/a*"], ["src", "src/a.txt", "src/b.txt", "src/deep", "src/deep/c"]],
    ["a wildcard in the first part brings everything", ["s*/a.txt"], paths],
    [
      "a wildcard before the last part brings its directory",
      ["src/*/c"],
      ["src", "src/a.txt", "src/b.txt", "src/deep", "src/deep/c"],
    ],
    ["a path over a link brings the link and its target", ["link/a.txt"], ["link", "src", "src/a.txt"]],
    ["a wildcard among links brings their targets", ["links/*"], ["src", "src/a.txt"]],
    ["the root brings everything", ["."], paths],
    ["a name that no file can have brings nothing", ["x".repeat(300)], []],
    ["two paths bring both", ["src/a.txt", "other"], ["other", "other/x", "src", "src/a.txt"]],
    ["a path that is not there brings the directories above it", ["src/none"], ["src"]],
  ];
  for (const [what, followPaths, kept] of cases) {
    it(what, () => {
      const filter = followPathsFilter(followPaths, root);
      assert.deepEqual(paths.filter(filter.wants), kept);
      const past = paths.findIndex(filter.isPast);
      assert.deepEqual(paths.slice(0, past < 0 ? undefined : past).filter(filter.wants), kept);
    });
  }

  const needs: readonly (readonly [followPaths: readonly string[], needed: readonly string[]])[] = [
    [["src/deep/c"], ["src", "src/deep", "src/deep/c"]],
    [["src/a*"], ["src", "src/a.txt"]],
    [["s*/a.txt"], ["src/a.txt"]],
    [["src/*/c"], ["src", "src/deep/c"]],
    [["link/a.txt"], ["link", "src", "src/a.txt"]],
    [[], paths],
    [["."], paths],
  ];
  for (const [followPaths, needed] of needs) {
    it(`knows what a build of ${JSON.stringify(followPaths)} cannot do without`, () => {
      assert.deepEqual(paths.filter(followPathsFilter(followPaths, root).requires), needed);
    });
  }

  const pasts: readonly (readonly [followPaths: readonly string[], past: readonly string[]])[] = [
    [["src/a.txt"], ["src/b.txt", "src/deep", "src/deep/c", "srcs"]],
    [["src"], ["srcs"]],
    [["src/none", "other"], ["srcs"]],
    [["link/a.txt"], ["src/b.txt", "src/deep", "src/deep/c", "srcs"]],
    [["s*/a.txt"], []],
    [[], []],
  ];
  for (const [followPaths, past] of pasts) {
    it(`knows where nothing more of ${JSON.stringify(followPaths)} can come`, () => {
      assert.deepEqual(paths.filter(followPathsFilter(followPaths, root).isPast), past);
    });
  }
});
