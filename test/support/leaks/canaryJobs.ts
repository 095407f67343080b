import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../../scripts/setup/steps.mjs";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import type { Component } from "../../../src/core/base/component";
import type { ErrorCode } from "../../../src/core/base/errors";
import { localBuilder } from "../engine";
import { removeTemporaryFolders, writeFiles } from "../folder";
import type { Outcome } from "../namespace/coreMain";
import { Canaries } from "./canaries";
import { connectors, startSecretWorld, type SecretWorld } from "./secretWorld";

/** Runs jobs with secrets that can be searched for, and remembers what they told and made. */
export class CanaryJobs {
  readonly canaries = new Canaries();
  readonly outcomes: (readonly [what: string, outcome: Outcome<unknown>])[] = [];
  readonly images: string[] = [];
  setting!: SecretWorld;

  async start(): Promise<void> {
    this.setting = await startSecretWorld(this.canaries);
  }

  async stop(): Promise<void> {
    this.setting?.processes.stop();
    this.setting?.files.stop();
    await this.setting?.world.stop();
    removeTemporaryFolders();
  }

  /** Writes a file where the person keeps secrets. */
  keep(path: string, content: object): void {
    writeFiles(this.setting.kept, { [path]: JSON.stringify(content) });
  }

  settingsFile(): string {
    return join(this.setting.home, "settings.json");
  }

  daemonHost(): string {
    return this.setting.world.namespace.dockerHost;
  }

  /** Remembers what a job told, and sees that it went as it should: to its end, or to that failure. */
  async told<Result>(
    what: string,
    job: Promise<Outcome<Result>>,
    code?: ErrorCode,
    cancel?: RegExp,
  ): Promise<Outcome<Result>> {
    const outcome = await job;
    this.outcomes.push([what, outcome]);
    assert.equal(outcome.failure?.code, code, `${what}: ${outcome.failure?.inspected ?? "no failure"}`);
    assert.match(outcome.failure?.inspected ?? "", cancel ?? /(?:)/, what);
    return outcome;
  }

  /** Builds on nothing but a static program, by which steps see their secrets. */
  build(
    imageName: string,
    registry: Component | undefined,
    steps: string,
    options: BuildOptions = {},
    cancelWhen?: string,
  ) {
    const root = join(this.setting.home, `context-${this.images.push(imageName)}`);
    writeFiles(root, { Dockerfile: `FROM scratch\nCOPY busybox /bin/busybox\n${steps}` });
    cpSync(findProgram("busybox") ?? "", join(root, "busybox"));
    return this.setting.core.run("buildAndPush", {
      root,
      imageName,
      builder: localBuilder,
      registry,
      options,
      cancelWhen,
    });
  }

  /** Changes what the core is configured with; what is not named stays as it was begun with. */
  configure(env: NodeJS.ProcessEnv) {
    return this.setting.core.get("configure", { connectors, secrets: this.setting.stored, env });
  }
}
