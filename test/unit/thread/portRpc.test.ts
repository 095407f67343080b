import assert from "node:assert/strict";
import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { GrpcError } from "../../../src/core/transport/grpc";
import { PortRpc } from "../../../src/core/worker/portRpc";

type Theirs = {
  readonly double: (value: number) => Promise<number>;
  readonly fail: (nothing: undefined) => Promise<never>;
  readonly refuse: (nothing: undefined) => Promise<never>;
  readonly wait: (nothing: undefined, signal: AbortSignal) => Promise<void>;
};

describe("calls over a port", () => {
  const stopped: unknown[] = [];
  const { port1, port2 } = new MessageChannel();
  const ours = new PortRpc<Theirs>(port1, {}, () => new Error("gone"));
  const theirs = new PortRpc(
    port2,
    {
      double: async (value: number) => value * 2,
      fail: () => {
        throw new ImageBuilderError("contextChanged", "A file has gone.", {
          location: { file: "/a", line: 3 },
          cause: Object.assign(new Error("ENOENT"), { code: "ENOENT" }),
        });
      },
      refuse: () => {
        throw new GrpcError(2, "exit code: 1", Uint8Array.of(1, 2));
      },
      wait: async (_: undefined, signal: AbortSignal) => {
        await once(signal, "abort");
        stopped.push("wait");
      },
    } satisfies Theirs,
    () => new Error("gone"),
  );

  it("are answered each with its own answer", async () => {
    assert.deepEqual(await Promise.all([1, 2, 3].map((value) => ours.ask("double", value))), [2, 4, 6]);
  });

  it("fail as they failed there: with code, place and cause", async () => {
    await assert.rejects(ours.ask("fail", undefined), (error: unknown) => {
      assert.ok(ImageBuilderError.is(error, "contextChanged"), "another error came");
      assert.deepEqual(
        [error.message, error.location, (error.cause as { code?: string }).code],
        ["A file has gone.", { file: "/a", line: 3 }, "ENOENT"],
      );
      return true;
    });
  });

  it("fail as BuildKit refused them: with status and details", async () => {
    await assert.rejects(ours.ask("refuse", undefined), (error: unknown) => {
      assert.ok(error instanceof GrpcError, "another error came");
      assert.deepEqual([error.status, error.message, error.details], [2, "exit code: 1", Uint8Array.of(1, 2)]);
      return true;
    });
  });

  it("that are given up reject with the reason, and are given up there", async () => {
    const stop = new AbortController();
    const waiting = ours.ask("wait", undefined, stop.signal);
    const reason = new Error("cancelled");
    setTimeout(() => stop.abort(reason), 5);
    await assert.rejects(waiting, reason);
    assert.equal(await ours.ask("double", 4), 8);
    assert.deepEqual(stopped, ["wait"]);
    await assert.rejects(ours.ask("double", 1, AbortSignal.abort(reason)), reason);
  });

  it("fail once the other side has gone, those that wait and those that come later", async () => {
    const waiting = ours.ask("wait", undefined);
    const failed = assert.rejects(waiting, /^Error: gone$/);
    theirs.close();
    await failed;
    await assert.rejects(ours.ask("double", 1), /^Error: gone$/);
  });
});
