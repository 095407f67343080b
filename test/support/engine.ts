import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { buildAndPush, type BuildResult, type Core } from "../../src/core/jobs/buildAndPush";
import type { Component } from "../../src/core/base/component";
import type { CredentialSource } from "../../src/core/credentials/credentialSource";
import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import { createEngineAccess, type EngineAccess } from "../../src/core/engine/engineAccess";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { recordingOperation, type RecordingOperation } from "./operation";

/** A variable that the set-up of the integration tests gives. */
export function given(name: string): string {
  const value = process.env[name];
  assert.ok(
    value,
    `${name} is not set: run the integration tests by "npm run test:integration", which starts the daemon and ` +
      "the registries",
  );
  return value;
}

export const plainRegistry = (): string => given("IMAGE_BUILDERS_TEST_REGISTRY");
/** The folder in which that registry keeps its images. */
export const plainRegistryFolder = (): string => given("IMAGE_BUILDERS_TEST_REGISTRY_FOLDER");
export const authRegistry = (): string => given("IMAGE_BUILDERS_TEST_AUTH_REGISTRY");
export const login = () => ({
  username: given("IMAGE_BUILDERS_TEST_USER"),
  password: given("IMAGE_BUILDERS_TEST_PASSWORD"),
});

export const localBuilder: Component = { name: "local", type: "image_builder", flavor: "local", configuration: {} };

/** A registry component of flavor `default`. */
export function registryAt(uri: string): Component {
  return { name: `registry ${uri}`, type: "container_registry", flavor: "default", configuration: { uri } };
}

/** Knows logins by host. */
export function credentialsFor(
  logins: Readonly<Record<string, { username: string; password: string }>>,
): CredentialSource {
  return {
    async find(host) {
      const credentials = logins[host];
      return credentials && { credentials, source: "the test" };
    },
  };
}

const engines = new Map<string, EngineAccess>();

/** The way to a daemon; one for all who ask for the same, for each has a thread of its own. */
export function engineAt(dockerHost: string): EngineAccess {
  const engine = engines.get(dockerHost) ?? createEngineAccess({ dockerHost });
  engines.set(dockerHost, engine);
  return engine;
}

/** The core as the extension makes it, on the daemon of the tests or another one. */
export function coreOn(engine: EngineAccess = engineAt(given("DOCKER_HOST")), credentials = credentialsFor({})): Core {
  return { flavors: new FlavorRegistry(), services: { engine, credentials } };
}

/** What a build was asked for, with what is usual left out. */
export interface TestBuild {
  readonly root: string;
  readonly imageName: string;
  readonly registry?: string;
  readonly options?: BuildOptions;
  readonly core?: Core;
  readonly operation?: RecordingOperation;
}

/** Builds, and pushes where a registry is named. */
export async function build({
  root,
  imageName,
  registry,
  options = {},
  core = coreOn(),
  operation = recordingOperation(),
}: TestBuild): Promise<BuildResult> {
  return buildAndPush(
    { root, imageName, builder: localBuilder, registry: registry ? registryAt(registry) : undefined, options },
    core,
    operation,
  );
}

/** A name that no other test uses. */
export function uniqueName(prefix = "app"): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

/** All that the steps of a build wrote. */
export function outputOf(events: readonly ProgressEvent[]): string {
  return events.map((event) => (event.kind === "stepLog" ? event.text : "")).join("");
}

/** The manifest digest as the registry itself tells it, by its own API. */
export async function registryDigest(
  imageName: string,
  credentials?: { username: string; password: string },
): Promise<string | undefined> {
  const [, registry = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:/]+)$/.exec(imageName) ?? [];
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
    method: "HEAD",
    headers: {
      accept: [
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
      ].join(", "),
      ...(credentials && {
        authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`,
      }),
    },
  });
  return answer.ok ? (answer.headers.get("docker-content-digest") ?? undefined) : undefined;
}

/** Asks the daemon of the tests itself, past all of our own code. */
export async function askDaemon(
  path: string,
  method = "GET",
  socketPath = given("DOCKER_HOST").replace("unix://", ""),
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, method }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text === "" ? undefined : JSON.parse(text)));
    })
      .on("error", reject)
      .end();
  });
}

/** The containers that are running in the daemon of the tests. */
export async function runningContainers(): Promise<number> {
  return ((await askDaemon("/containers/json")) as unknown[]).length;
}
