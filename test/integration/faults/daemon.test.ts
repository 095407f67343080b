import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ConnectionProxy } from "../../support/connectionProxy";
import { coreOn, uniqueName } from "../../support/engine";
import { assertFails, failureOf, FaultBed } from "../../support/faultBed";
import { temporaryFolder } from "../../support/folder";
import { recordingOperation, type RecordingOperation } from "../../support/operation";
import { until } from "../../support/until";

describe("a daemon that fails", function () {
  this.timeout(60_000);
  let bed: FaultBed;
  before(async () => void (bed = await FaultBed.start()));
  after(() => bed.remove());

  const sleeping = () =>
    temporaryFolder({
      Dockerfile: `FROM busybox:1.35\nRUN trap "exit 1" TERM; echo ${uniqueName()} started; sleep 600 & wait\n`,
    });
  const large = () =>
    temporaryFolder({
      Dockerfile: "FROM busybox:1.35\nCOPY . /\n",
      ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`file-${i}`, randomBytes(2 ** 20)])),
    });
  const started = ({ events }: RecordingOperation) =>
    until(() => events.some((event) => event.kind === "stepLog" && event.text.includes("started")), "RUN has started");
  const sending = ({ events }: RecordingOperation) =>
    until(() => events.some((event) => event.kind === "transfer" && event.currentBytes > 0), "the upload has started");
  /** With a quick pulse, so that the tests need not wait for the usual one. */
  const quickly = (misses = 4) =>
    coreOn(
      createEngineAccess({ dockerHost: bed.daemon.dockerHost, pulse: { intervalMs: 100, timeoutMs: 500, misses } }),
    );

  for (const builder of ["buildkit", "classic"] as const) {
    describe(`while it builds (${builder})`, () => {
      const options = { builder };
      afterEach(() => bed.assertAsBefore({ options }));

      for (const [when, root, begun] of [
        ["a step runs", sleeping, started],
        ["files are on their way", large, sending],
      ] as const) {
        it(`is known to be lost when it is killed while ${when}, and serves again once it is back`, async () => {
          const operation = recordingOperation();
          const building = bed.build({ root: root(), options, operation });
          const told = assertFails(
            building,
            "daemonLost",
            /daemon.*Check that (?:it|the daemon) is (?:still )?running/,
          );
          await begun(operation);
          await bed.daemon.kill();
          try {
            await told;
            await assertFails(bed.build({ options }), "daemonUnreachable", /is not running/);
          } finally {
            await bed.daemon.start();
          }
        });
      }

      it("says so when it is shut down", async () => {
        const operation = recordingOperation();
        const failed = failureOf(bed.build({ root: sleeping(), options, operation }));
        await started(operation);
        await bed.daemon.stop();
        const { code, message } = await failed;
        assert.ok(code === "daemonLost" || code === "buildFailed", message);
        await bed.daemon.start();
      });

      it("is given up when it hangs", async () => {
        const operation = recordingOperation();
        const building = assertFails(
          bed.build({ root: sleeping(), options, operation, core: quickly() }),
          "daemonLost",
          /no longer responds\. Check that it is running/,
        );
        await started(operation);
        await bed.daemon.pause();
        await building.finally(() => bed.daemon.resume());
      });

      it("is not given up when it only hesitates", async () => {
        const operation = recordingOperation();
        const root = temporaryFolder({
          Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} && echo started && sleep 10\n`,
        });
        // Many misses, for this thread may be slow to see the first.
        const building = bed.build({ root, options, operation, core: quickly(100) });
        await started(operation);
        await bed.daemon.pause();
        await until(
          () => operation.logged.some((line) => /^warn: .*is busy and hasn't responded for/.test(line)),
          "the user is warned",
        ).finally(() => bed.daemon.resume());
        await building;
      });

      it("may hang and yet be left at once", async () => {
        const controller = new AbortController();
        const operation = recordingOperation(controller.signal);
        const building = bed.build({ root: sleeping(), options, operation });
        await started(operation);
        await bed.daemon.pause();
        const reason = new Error("cancelled by the user");
        controller.abort(reason);
        await assert.rejects(building, reason).finally(() => bed.daemon.resume());
      });
    });
  }

  it("before it builds, by hanging, is told in seconds", async () => {
    await bed.daemon.pause();
    await assertFails(bed.build({}), "daemonUnreachable", /did not answer within 5 s/).finally(() =>
      bed.daemon.resume(),
    );
  });

  describe("that refuses", () => {
    let proxy: ConnectionProxy;
    before(async () => void (proxy = await ConnectionProxy.start(bed.daemon.socket)));
    after(() => proxy.stop());

    const statuses = [
      ["403 Forbidden", /not now\. Ask the daemon's administrator for permission/],
      ["503 Service Unavailable", /not now\. Check that the daemon.* try again/],
    ] as const;
    for (const [status, message] of statuses) {
      for (const [request, builder] of [
        ["POST /build", "classic"],
        ["POST /grpc", "buildkit"],
        ["POST /session", "buildkit"],
      ] as const) {
        it(`${request} with ${status} passes on why (${builder})`, async () => {
          proxy.setFaults({
            request: new RegExp(`^${request}`),
            fault: { answer: `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n{"message":"not now"}` },
          });
          await assertFails(
            bed.build({ root: large(), core: bed.core(proxy.dockerHost), options: { builder } }),
            "buildFailed",
            message,
          );
        });
      }
    }
  });

  for (const way of ["a socket", "TCP"]) {
    describe(`behind ${way} that`, () => {
      let proxy: ConnectionProxy;
      before(
        async () =>
          void (proxy = await ConnectionProxy.start(
            bed.daemon.socket,
            way === "TCP" ? undefined : join(temporaryFolder(), "d.sock"),
          )),
      );
      after(() => proxy.stop());
      afterEach(() => proxy.setFaults());

      it("breaks is spoken to again", async () => {
        const core = bed.core(proxy.dockerHost);
        await bed.build({ core });
        proxy.cut();
        await bed.build({ core });
      });

      for (const builder of ["buildkit", "classic"] as const) {
        it(`breaks anywhere leaves a result or a plain failure (${builder})`, async function () {
          this.timeout(120_000);
          const core = bed.core(proxy.dockerHost);
          const seed = Number(process.env["SEED"] ?? Date.now() % 1e6);
          for (let i = 0; i < 6; i++) {
            proxy.cut(); // A connection that is kept would be no new one to the proxy.
            const afterBytes = Math.floor(Math.abs(Math.sin(seed + i)) ** 4 * 40_000);
            const from = i % 2 === 0 ? "server" : "client";
            proxy.setFaults({ request: /POST \/(build|grpc|session)/, times: 1, from, afterBytes, fault: "cut" });
            const root = temporaryFolder({
              Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()}\nCOPY a /\n`,
              a: randomBytes(30_000),
            });
            const outcome = await bed.build({ root, core, options: { builder } }).then(
              () => "built",
              (error: unknown) => error,
            );
            const where = `seed ${seed}, case ${i}: cut after ${afterBytes} bytes of the ${from}`;
            if (outcome !== "built") {
              const failed = await failureOf(Promise.reject(outcome as Error));
              assert.ok(failed.code === "daemonLost" || failed.code === "buildFailed", `${where}: ${failed.message}`);
            }
            if (way === "a socket") await until(() => proxy.connections === 0, `${where}: no connection stays`);
          }
        });
      }
    });
  }
});
