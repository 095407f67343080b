import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { ConnectionProxy, type ConnectionFault } from "../../support/connectionProxy";
import { uniqueName } from "../../support/engine";
import { assertFails, FaultBed } from "../../support/faultBed";
import { temporaryFolder } from "../../support/folder";
import { recordingOperation, type RecordingOperation } from "../../support/operation";
import { until } from "../../support/until";

const mebibyte = 2 ** 20;
const lost = /closed the session with the editor|connection to the (?:Docker )?daemon was lost/;

describe("BuildKit's session", function () {
  this.timeout(60_000);
  let bed: FaultBed;
  let proxy: ConnectionProxy;
  before(async () => {
    bed = await FaultBed.start();
    proxy = await ConnectionProxy.start(bed.daemon.socket, join(temporaryFolder(), "d.sock"));
  });
  after(async () => {
    await proxy.stop();
    await bed.remove();
  });
  afterEach(async () => {
    proxy.setFaults();
    await until(() => proxy.connections === 0, "no connection stays");
    proxy.rate = undefined;
    await bed.assertAsBefore({ core: bed.core(proxy.dockerHost), options: { builder: "buildkit" } });
  });

  const folderOf = (dockerfile: string, sizeBytes = 1000) =>
    temporaryFolder({ Dockerfile: `FROM busybox:1.35\n${dockerfile}\n`, a: randomBytes(sizeBytes) });
  const build = (root: string, options: BuildOptions = {}, operation?: RecordingOperation) =>
    bed.build({ root, options: { builder: "buildkit", ...options }, core: bed.core(proxy.dockerHost), operation });
  const hasStarted = ({ events }: RecordingOperation) =>
    until(() => events.some((event) => event.kind === "stepLog" && event.text.includes("started")), "RUN has started");
  const bytesPassed = ({ events }: RecordingOperation) =>
    Math.max(0, ...events.map((event) => (event.kind === "transfer" ? event.currentBytes : 0)));

  const faults: readonly (readonly [what: string, fault: ConnectionFault])[] = [
    [
      "breaks while files are sent",
      { request: /^POST \/session/, from: "client", afterBytes: 3 * mebibyte, fault: "cut" },
    ],
    ["breaks before the daemon has asked for anything", { request: /^POST \/session/, fault: "cut", afterBytes: 200 }],
    [
      "stands still while files are sent",
      { request: /^POST \/session/, from: "client", afterBytes: 3 * mebibyte, fault: "stall" },
    ],
    [
      "speaks another protocol",
      {
        request: /^POST \/session/,
        fault: {
          answer: `HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n${"nonsense\n".repeat(20)}`,
        },
      },
    ],
  ];
  for (const [what, fault] of faults) {
    it(`that ${what} fails the build, and says to build again`, async () => {
      proxy.setFaults(fault);
      await assertFails(build(folderOf("COPY a /", 20 * mebibyte)), ["buildFailed", "daemonLost"], lost);
    });
  }

  it("that breaks while a step runs is missed by the next one that needs it", async () => {
    process.env["IMAGE_BUILDERS_TEST_LATE"] = "late";
    const operation = recordingOperation();
    const root = folderOf(
      `RUN echo ${uniqueName()} started && sleep 3\n` +
        "RUN --mount=type=secret,id=token,required=true wc -c < /run/secrets/token",
    );
    const building = assertFails(
      build(root, { secrets: { token: { env: "IMAGE_BUILDERS_TEST_LATE" } } }, operation),
      ["buildFailed", "daemonLost"],
      lost,
    );
    await hasStarted(operation);
    proxy.cut(/^POST \/session/);
    await building.finally(() => delete process.env["IMAGE_BUILDERS_TEST_LATE"]);
  });

  it("ends with the build when the build's own connection breaks", async () => {
    const operation = recordingOperation();
    const building = assertFails(
      build(folderOf(`RUN echo ${uniqueName()} started && sleep 600`), {}, operation),
      "daemonLost",
      /connection closed.*Check that the daemon is running/,
    );
    await hasStarted(operation);
    proxy.cut(/^POST \/grpc/);
    await building;
  });

  it("over a slow line tells how far it is", async () => {
    proxy.rate = 2 * mebibyte;
    const operation = recordingOperation();
    await build(folderOf("COPY a /", 3 * mebibyte), {}, operation);
    assert.ok(bytesPassed(operation) >= 3 * mebibyte);
  });

  for (const from of ["client", "server"] as const) {
    it(`that stands still on the ${from}'s side is left at once when the build is cancelled`, async () => {
      proxy.setFaults({
        request: /^POST \/session/,
        from,
        afterBytes: from === "client" ? 3 * mebibyte : 2000,
        fault: "stall",
      });
      const controller = new AbortController();
      const reason = new Error("cancelled by the user");
      const building = build(folderOf("COPY a /", 20 * mebibyte), {}, recordingOperation(controller.signal));
      await until(() => proxy.stalled > 0, "it stands still");
      controller.abort(reason);
      await assert.rejects(building, reason);
    });
  }

  for (const type of ["local", "tar"] as const) {
    it(`that breaks while a result is exported (${type}) leaves nothing of it`, async () => {
      const parent = temporaryFolder();
      proxy.setFaults({ request: /^POST \/session/, from: "server", afterBytes: 5 * mebibyte, fault: "cut" });
      const building = build(folderOf("RUN head -c 30000000 /dev/urandom > /large"), {
        output: { type, dest: join(parent, "result") },
      });
      await assertFails(
        building,
        ["buildFailed", "daemonLost", "exportFailed"],
        /session|was lost|ended the transfer before it was complete/,
      );
      assert.deepEqual(readdirSync(parent), []);
    });
  }

  it("that cannot be used as BuildKit's API is refused passes on why", async () => {
    proxy.setFaults({
      request: /grpc/,
      fault: { answer: 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n{"message":"not here"}' },
    });
    await assertFails(
      build(folderOf("RUN true")),
      "buildFailed",
      /Can't open the BuildKit API: not here\. Ask the daemon's administrator/,
    );
  });
});
