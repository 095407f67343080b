import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { temporaryFolder } from "../../support/folder";
import { framed, textMessage } from "../../support/grpc";
import { startHostileDaemons, type HostileDaemons } from "./hostileDaemons";

const auth = "/moby.filesync.v1.Auth";

describe("a hostile daemon", () => {
  let world: HostileDaemons;
  before(async () => void (world = await startHostileDaemons()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  it("that asks without end is refused in the end", async function () {
    this.timeout(60_000);
    const { failure, logged } = await world.attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      for (let i = 0; i < 11_000; i += 100) {
        await Promise.all(
          Array.from({ length: 100 }, () =>
            session.call("/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: "x" })),
          ),
        );
      }
      throw new Error("nobody refused");
    });
    assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
    assert.match(logged, /warn: The daemon made more than 10000 requests/);
  });

  it("that announces a message without end is not waited for", async () => {
    const { result } = await world.attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      const stream = session.open(`${auth}/Credentials`);
      const ended = once(stream, "end");
      stream.resume();
      stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
      await ended;
      return "answered";
    });
    assert.equal(result, "answered");
  });

  const endless: readonly (readonly [what: string, method: string, message: Uint8Array, status: number])[] = [
    ["a secret", "/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: "x\u20ac".repeat(16_000) }), 5],
    ["an SSH agent", "/moby.sshforward.v1.SSH/CheckAgent", textMessage({ 1: "\u20ac".repeat(20_000) }), 2],
    ["a host", `${auth}/Credentials`, textMessage({ 1: "x".repeat(60_000) }), 0],
    ["a host of tokens", `${auth}/GetTokenAuthority`, textMessage({ 1: "x".repeat(60_000), 2: "salt" }), 14],
    [
      "scopes",
      `${auth}/FetchToken`,
      textMessage({ 1: "x", 2: "ghcr.io", 3: "https://ghcr.io/token", 4: "ghcr.io", 5: [" ".repeat(60_000)] }),
      2,
    ],
    [
      "a secret, by more than a question holds",
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
      textMessage({ 1: "x".repeat(70_000) }),
      8,
    ],
    ["scopes, by more than a question holds", `${auth}/FetchToken`, textMessage({ 5: [" ".repeat(3_000_000)] }), 8],
  ];
  for (const [what, method, message, status] of endless) {
    it(`that names ${what} without end is answered in short, and goes on to be answered`, async () => {
      const { result, failure, logged } = await world.attacked(
        { dockerfile: "FROM ghcr.io/x/y\n" },
        async (session) => [
          await session.call(method, message),
          await session.call("/grpc.health.v1.Health/Check", Buffer.alloc(0)),
        ],
      );
      assert.ok(failure === undefined || ImageBuilderError.is(failure), String(failure));
      const [first, second] = result ?? [];
      assert.deepEqual([first?.status, second?.status], [status, 0]);
      assert.ok((first?.message.length ?? 0) < 16_000, `${first?.message.length} characters`);
      assert.ok(logged.length < 4000, `${logged.length} characters of log`);
    });
  }

  it("that names a host of several lines writes no line of the log", async () => {
    const { logged } = await world.attacked({ dockerfile: "FROM ghcr.io/x/y\n" }, (session) =>
      session.call(`${auth}/Credentials`, textMessage({ 1: "x\nerror: forged\u202e" })),
    );
    assert.doesNotMatch(logged, /^error: forged|\u202e/m);
    assert.match(logged, /warn: The daemon requested credentials for x.*forged.*, which this build doesn't use/);
  });

  it("that asks for more messages than one after another is answered once", async () => {
    const { result } = await world.attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      const stream = session.open("/grpc.health.v1.Health/Check");
      let bytes = 0;
      stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
      const closed = once(stream, "close");
      for (let i = 0; i < 1000; i++) stream.write(framed(Buffer.alloc(1000)));
      stream.end();
      await closed;
      return bytes;
    });
    assert.equal(result, 7);
  });

  const malformed: readonly (readonly [method: string, what: string, options: BuildOptions])[] = [
    ["Solve", "build result", {}],
    ["ListWorkers", "list of workers", { extraHosts: ["db:host-gateway"] }],
  ];
  for (const [method, what, options] of malformed) {
    for (const [how, bytes] of Object.entries({
      "a length past the end": [0x0a, 0x7f, 0x0a],
      "a value longer than its message": [0x0a, 4, 0x12, 8, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61],
      "no tags": [0x0a, 2, 0xff, 0xff, 0xff],
    })) {
      it(`that answers ${method} with ${how} fails the build in one plain sentence`, async () => {
        const daemon = world.daemons.get("socket");
        daemon?.answers.set(method, Uint8Array.of(...bytes));
        try {
          const { failure } = await world.attacked({ dockerfile: "FROM scratch\n", options }, async () => undefined);
          assert.ok(ImageBuilderError.is(failure, "daemonFailed"), String(failure));
          assert.match(
            failure.message,
            new RegExp(
              `^The Docker daemon at .+ returned an invalid ${what}\\. Check that it is working, then build again\\.$`,
            ),
          );
        } finally {
          daemon?.answers.clear();
        }
      });
    }
  }

  const astray = ["../outside", "/tmp/outside", "a/../../outside", "..", ".", "a//b", ""];
  for (const path of astray) {
    it(`that exports to ${JSON.stringify(path)} writes nothing`, async () => {
      const dest = join(temporaryFolder(), "target");
      const { failure, logged } = await world.attacked(
        { dockerfile: "FROM scratch\n", options: { output: { type: "local", dest } } },
        async (session) => {
          const stream = session.open("/moby.filesync.v1.FileSend/DiffCopy");
          stream.resume();
          const closed = once(stream, "close");
          const stat = Writer.create().uint32(10).string(path).uint32(16).uint32(0o644).uint32(40).int64(4).finish();
          stream.write(framed(Writer.create().uint32(8).int32(0).uint32(18).bytes(stat).finish()));
          stream.write(framed(Writer.create().uint32(8).int32(0).finish()));
          await closed;
        },
      );
      assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
      assert.match(
        logged,
        /warn: Can't write the build result to ".*target", because .* path .*, which is outside the exported folder/,
      );
      assert.deepEqual(readdirSync(dirname(dest)), []);
      assert.ok(!existsSync("/tmp/outside"));
    });
  }
});
