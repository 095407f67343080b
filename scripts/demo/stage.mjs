import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { quietSettings } from "../codeHost/settings.mjs";
import { Registry } from "../engines/registry.mjs";
import { TestBed } from "../engines/testBed.mjs";
import { ensurePackages, mayInstall } from "../setup/debian.mjs";
import { root } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram, say } from "../setup/steps.mjs";
import { findOwnDaemon } from "./ownDaemon.mjs";
import { startRegistryContainer } from "./registryContainer.mjs";

/**
 * Environment of the demo: a daemon, a registry on a loopback port, and a copy of the sample.
 *
 * @typedef {object} Stage
 * @property {string} sample folder to build
 * @property {string} folder temporary files, deleted at the end
 * @property {string} registry host and port
 * @property {Record<string, string>} env environment by which the extension finds the daemon
 * @property {Record<string, unknown>} settings user settings of VS Code
 * @property {() => Promise<void>} end ends the processes that were started
 */

/** Name of the registry in the settings. */
export const registryName = "local";

/**
 * Selects the daemon: the user's own if one answers on this machine, otherwise a private one.
 *
 * @returns {Promise<{ socket: string } | "private">}
 * @throws {SetUpError} if there is no daemon and a private one can't be started
 */
export async function chooseDaemon() {
  const socket = process.argv.includes("--private") ? undefined : await findOwnDaemon();
  if (socket) return { socket };
  if (process.platform === "linux" && process.getuid?.() === 0) return "private";
  throw new SetUpError(
    "No Docker daemon answers on this machine, or this user may not use it. " +
      "Start Docker Desktop (https://docs.docker.com/get-docker/); " +
      "on Debian, run this as root, which starts a private daemon.",
  );
}

/**
 * @param {{ socket: string } | "private"} daemon
 * @returns {Promise<Stage>}
 */
export async function setStage(daemon) {
  const { registry, env, end } = await (daemon === "private" ? startPrivate() : joinOwn(daemon.socket));
  const folder = await mkdtemp(path.join(os.tmpdir(), "image-builders-demo-"));
  const sample = path.join(folder, "hello");
  await cp(path.join(root, "samples/hello"), sample, { recursive: true });
  return {
    sample,
    folder,
    registry,
    env,
    settings: {
      ...quietSettings,
      "imageBuilders.registries": [{ name: registryName, flavor: "default", configuration: { uri: registry } }],
    },
    async end() {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      await end();
    },
  };
}

/** @returns {Promise<Pick<Stage, "registry" | "env" | "end">>} */
async function startPrivate() {
  const bed = new TestBed();
  const wasUp = await bed.isUp();
  const end = async () => void (wasUp || (await bed.down()));
  await bed.up().catch(async (error) => {
    await end();
    throw error;
  });
  say(`a private Docker daemon, a registry on ${bed.registry.address}`);
  const { DOCKER_HOST, DOCKER_CONFIG } = bed.environment();
  return { registry: bed.registry.address, env: { DOCKER_HOST, DOCKER_CONFIG }, end };
}

/**
 * @param {string} socket
 * @returns {Promise<Pick<Stage, "registry" | "env" | "end">>}
 */
async function joinOwn(socket) {
  const { address, end } = await startRegistry(socket);
  say(`your Docker daemon at ${socket}, a registry on ${address}`);
  return {
    registry: address,
    env: { DOCKER_HOST: `${process.platform === "win32" ? "npipe" : "unix"}://${socket}` },
    end,
  };
}

/**
 * @param {string} socket
 * @returns {Promise<{ address: string, end: () => Promise<void> }>}
 */
async function startRegistry(socket) {
  if (process.platform !== "linux" || (!findProgram("docker-registry") && !mayInstall()))
    return startRegistryContainer(socket);
  await ensurePackages({ "docker-registry": "docker-registry" }, "A local registry");
  const registry = new Registry(await mkdtemp(path.join(os.tmpdir(), "image-builders-registry-")));
  await registry.start();
  return { address: registry.address, end: () => registry.remove() };
}
