import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedBusybox } from "../../scripts/engines/busybox.mjs";
import { Daemon, type DaemonOptions } from "../../scripts/engines/daemon.mjs";
import { Registry } from "../../scripts/engines/registry.mjs";
import type { BuildResult } from "../../src/core/jobs/buildAndPush";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { askDaemon, build, coreOn, engineAt, uniqueName, type TestBuild } from "./engine";
import { removeTemporaryFolders, temporaryFolder } from "./folder";
import { until } from "./until";

/** A daemon and the registry beside it, for one test file to break. */
export class FaultBed {
  private constructor(
    readonly daemon: Daemon,
    readonly registry: Registry,
  ) {}

  static async start(options: DaemonOptions = {}): Promise<FaultBed> {
    const folder = temporaryFolder();
    const registry = await new Registry(join(folder, "registry")).start();
    const daemon = await new Daemon(join(folder, "daemon"), { mirror: registry.address, ...options }).start();
    await seedBusybox(daemon.socket, registry);
    return new FaultBed(daemon, registry);
  }

  async remove(): Promise<void> {
    await this.daemon.remove();
    await this.registry.remove();
    removeTemporaryFolders();
  }

  /** The core on this daemon, or on what stands before it. */
  core(dockerHost = this.daemon.dockerHost) {
    return coreOn(engineAt(dockerHost));
  }

  /** Builds in this daemon, unless another core is given. */
  build(wanted: Partial<TestBuild>): Promise<BuildResult> {
    return build({
      root: temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" }),
      imageName: `${uniqueName()}:1`,
      core: this.core(),
      ...wanted,
    });
  }

  /**
   * Builds again, to see that a fault has left nothing behind that hinders; and that no container runs, and no file of
   * ours is there.
   */
  async assertAsBefore(wanted: Partial<TestBuild> = {}): Promise<void> {
    await this.build({
      root: temporaryFolder({
        Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()}\nCOPY a /\n`,
        a: randomBytes(1000),
      }),
      ...wanted,
    });
    await until(
      async () => ((await askDaemon("/containers/json", "GET", this.daemon.socket)) as unknown[]).length === 0,
      "no container runs",
    );
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith("image-builders-ssh-")),
      [],
    );
  }
}

/** A build that must fail, and with what. */
export async function failureOf(building: Promise<unknown>): Promise<ImageBuilderError> {
  const error = await building.then(
    () => assert.fail("the job must fail"),
    (reason: unknown) => reason,
  );
  assert.ok(ImageBuilderError.is(error), `not ours: ${error instanceof Error ? error.stack : String(error)}`);
  if (process.env["SHOW_MESSAGES"]) console.log(`      ${error.code}: ${error.message}`);
  return error;
}

/** Sees that a job fails with one of the codes, in words that name the fault and the remedy. */
export async function assertFails(
  building: Promise<unknown>,
  code: ErrorCode | readonly ErrorCode[],
  message: RegExp,
): Promise<void> {
  const error = await failureOf(building);
  assert.ok([code].flat().includes(error.code), `${error.code}: ${error.message}`);
  assert.match(error.message, message);
}
