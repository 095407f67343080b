import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Component } from "../../src/core/base/component";
import { silentLog } from "../../src/core/base/log";
import type { HttpClient } from "../../src/core/http/httpClient";
import { buildAndPush, type BuildResult } from "../../src/core/jobs/buildAndPush";
import { authRegistry, coreOn, credentialsFor, engineAt, login, registryAt } from "../support/engine";
import { temporaryFolder } from "../support/folder";
import { recordingOperation, type RecordingOperation } from "../support/operation";

/** Where no daemon is. */
const nowhere = "unix:///nonexistent/docker.sock";

interface Wanted {
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of the files. */
  readonly root?: string;
  readonly imageName: string;
  readonly registry?: string;
  readonly options?: BuildOptions;
  readonly configuration?: Component["configuration"];
  readonly dockerHost?: string;
  readonly cacheFolder?: string;
  readonly http?: HttpClient;
  readonly operation?: RecordingOperation;
}

/** Builds an image with the embedded builder, by default without a daemon. */
export async function build(wanted: Wanted): Promise<BuildResult> {
  const { files, imageName, registry, options = {}, configuration = {}, dockerHost = nowhere } = wanted;
  const builder: Component = { name: "embedded", type: "image_builder", flavor: "embedded", configuration };
  const credentials = credentialsFor({ [authRegistry()]: login() });
  const request = {
    root: wanted.root ?? temporaryFolder(files),
    imageName,
    builder,
    registry: registry === undefined ? undefined : registryAt(registry),
    options,
  };
  const core = coreOn(engineAt(dockerHost), credentials);
  const { cacheFolder, http } = wanted;
  const cloud = http && { http, env: {}, log: silentLog, allowImplicit: false };
  const services = { ...core.services, cacheFolder, ...(cloud && { cloud }) };
  return buildAndPush(request, { ...core, services }, wanted.operation ?? recordingOperation());
}

/** Files of a folder that can be built without running anything. */
export const files = {
  Dockerfile: 'FROM scratch\nCOPY . /app/\nCMD ["/app/run"]\n',
  run: "r",
  "data/x": "x".repeat(100_000),
};
