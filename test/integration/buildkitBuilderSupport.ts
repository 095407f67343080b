import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Daemon } from "../../scripts/engines/daemon.mjs";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Component } from "../../src/core/base/component";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { buildAndPush, type Core } from "../../src/core/jobs/buildAndPush";
import { BuildkitProxy } from "../support/buildkitProxy";
import { Authority } from "../support/certificates";
import { coreOn, credentialsFor, plainRegistry, registryAt, uniqueName } from "../support/engine";
import { temporaryFolder } from "../support/folder";
import { recordingOperation, type RecordingOperation } from "../support/operation";

type Node = Readonly<Record<string, unknown>> & { readonly endpoint: string };

/** Access to no Docker daemon: builds of these tests must not request one. */
export const engine = createEngineAccess({ dockerHost: "unix:///nonexistent/docker.sock", env: {} });

/** A BuildKit daemon, reached by a socket and by mutual TLS. */
export class BuildkitNodes {
  private constructor(
    readonly daemon: Daemon,
    readonly node: BuildkitProxy,
    readonly secure: BuildkitProxy,
    readonly ours: Authority,
    readonly pair: { readonly cert: string; readonly key: string },
  ) {}

  /** Starts the daemon and both ways to it. */
  static async start(): Promise<BuildkitNodes> {
    await ensurePackages({ openssl: "openssl" }, "The TLS test");
    const daemon = await new Daemon(join(temporaryFolder(), "daemon"), {
      release: "28",
      containerdStore: true,
      mirror: plainRegistry(),
    }).start();
    const node = await new BuildkitProxy(daemon.dockerHost).start();
    const ours = new Authority(temporaryFolder(), "ours");
    const pair = ours.sign("client", "clientAuth");
    const server = ours.sign("server", "serverAuth");
    const secure = await new BuildkitProxy(daemon.dockerHost, {
      ca: readFileSync(ours.certificate),
      cert: readFileSync(server.cert),
      key: readFileSync(server.key),
      requestCert: true,
      ALPNProtocols: ["h2"],
    }).start();
    return new BuildkitNodes(daemon, node, secure, ours, pair);
  }

  /** Stops the daemon and both ways to it. */
  async stop(): Promise<void> {
    await Promise.all([this.node.stop(), this.secure.stop()]);
    await this.daemon.remove();
  }
}

/** A builder with these daemons. */
export const builderOn = (...nodes: Node[]): Component => ({
  name: "pool",
  type: "image_builder",
  flavor: "buildkit",
  configuration: { nodes },
});

/** A build. */
export interface Wanted {
  readonly root?: string;
  readonly imageName: string;
  readonly builder: Component;
  readonly registry?: string;
  readonly options?: BuildOptions;
  readonly operation?: RecordingOperation;
  readonly logins?: Parameters<typeof credentialsFor>[0];
  readonly core?: Core;
}

/** Builds an image, by default of a small project. */
export function build({ root = project(), builder, ...wanted }: Wanted) {
  const { imageName, registry, options = {}, operation = recordingOperation(), logins = {} } = wanted;
  const core = wanted.core ?? coreOn(engine, credentialsFor(logins));
  return buildAndPush(
    { root, imageName, builder, registry: registry === undefined ? undefined : registryAt(registry), options },
    core,
    operation,
  );
}

const project = (): string =>
  temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY . /app\nRUN cat /app/a.txt\n", "a.txt": uniqueName() });

/** A new image name in a registry. */
export const imageIn = (registry: string): string => `${registry}/${uniqueName()}:1`;

/** Asserts that something fails with an ImageBuilderError. */
export async function assertFails(code: ErrorCode, words: RegExp, failing: Promise<unknown>): Promise<void> {
  await assert.rejects(failing, (error) => {
    assert.ok(ImageBuilderError.is(error), String(error));
    assert.match(error.message, words);
    assert.equal(error.code, code, error.message);
    return true;
  });
}
