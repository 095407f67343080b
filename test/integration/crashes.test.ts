import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Daemon } from "../../scripts/engines/daemon.mjs";
import { Registry } from "../../scripts/engines/registry.mjs";
import { seedBusybox } from "../../scripts/engines/busybox.mjs";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../src/core/errors";
import { build, coreOn, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { until } from "../support/until";

describe("when a server fails in the middle", function () {
  this.timeout(120_000);
  let folder: string;
  let registry: Registry;
  let daemon: Daemon;

  before(async () => {
    folder = temporaryFolder();
    registry = await new Registry(join(folder, "registry")).start();
    daemon = await new Daemon(join(folder, "daemon"), { mirror: registry.address }).start();
    await seedBusybox(daemon.socket, registry);
  });
  after(async () => {
    await daemon.remove();
    await registry.remove();
    removeTemporaryFolders();
  });

  const core = () => coreOn(createEngineAccess({ dockerHost: daemon.dockerHost }));

  for (const builder of ["buildkit", "classic"] as const) {
    it(`a daemon that is killed during a build is told at once, and the next build works (${builder})`, async () => {
      const operation = recordingOperation();
      const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} && echo started && sleep 300\n` });
      const building = build({ root, imageName: `${uniqueName()}:1`, options: { builder }, core: core(), operation });
      await until(() => operation.events.some((event) => event.kind === "stepLog" && event.text.includes("started")), "RUN has started");

      const told = assert.rejects(building, (error) => {
        assert.ok(ImageBuilderError.is(error, "daemonLost"), String(error));
        assert.match(error.message, /Docker daemon.*see whether it is (still )?running/);
        return true;
      });
      await daemon.kill();
      await told;

      await assert.rejects(build({ root, imageName: `${uniqueName()}:1`, options: { builder }, core: core() }), (error) => ImageBuilderError.is(error, "daemonUnreachable"));
      await daemon.start();
      await build({ root: temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN true\n" }), imageName: `${uniqueName()}:1`, options: { builder }, core: core() });
    });
  }

  it("a registry that is killed during a push is retried in sight of the user and then told", async () => {
    const operation = recordingOperation();
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY big /\n" });
    writeFileSync(join(root, "big"), randomBytes(200 * 1024 * 1024));
    const imageName = `${registry.address}/${uniqueName()}:1`;
    const pushing = build({ root, imageName, registry: registry.address, core: core(), operation });
    await until(() => operation.events.some((event) => event.kind === "layer" && event.state === "pushing"), "the push has started");
    await registry.kill();
    await assert.rejects(pushing, (error) => {
      assert.ok(ImageBuilderError.is(error, "pushFailed"), String(error));
      assert.match(error.message, /connection refused.*The daemon could not reach the registry/s);
      return true;
    });
    assert.ok(operation.events.some((event) => event.kind === "layer" && event.state === "retrying"));

    await registry.start();
    assert.equal(await registryDigest(imageName), undefined);
  });
});

describe("when the daemon's disk is full", function () {
  this.timeout(120_000);
  let folder: string;
  let registry: Registry;
  let daemon: Daemon;

  before(async () => {
    folder = temporaryFolder();
    registry = await new Registry(join(folder, "registry")).start();
    daemon = await new Daemon(join(folder, "daemon"), { mirror: registry.address, dataSizeMiB: 60 }).start();
    await seedBusybox(daemon.socket, registry);
  });
  after(async () => {
    await daemon.remove();
    await registry.remove();
    removeTemporaryFolders();
  });

  for (const builder of ["buildkit", "classic"] as const) {
    it(`a build says so, and how to get space (${builder})`, async () => {
      const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY big /\n" });
      writeFileSync(join(root, "big"), randomBytes(80 * 1024 * 1024));
      const core = coreOn(createEngineAccess({ dockerHost: daemon.dockerHost }));
      await assert.rejects(build({ root, imageName: `${uniqueName()}:1`, options: { builder }, core }), (error) => {
        assert.ok(ImageBuilderError.is(error, "buildFailed"), String(error));
        assert.match(error.message, /no space left on device.*Free space on the daemon's disk/s);
        return true;
      });
    });
  }
});
