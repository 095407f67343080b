import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { seedBusybox } from "./busybox.mjs";
import { Daemon } from "./daemon.mjs";
import { Podman } from "./podman.mjs";
import { seedPython } from "./pythonBase.mjs";
import { Registry, registryUser } from "./registry.mjs";
import { ensureEnginePackages } from "./releases.mjs";

/**
 * Which engine a test bed has.
 *
 * @typedef {object} EngineChoice
 * @property {import("./releases.mjs").Release} [release] `installed` by default
 * @property {boolean} [containerdStore]
 * @property {boolean} [podman] Podman's Docker API in place of a Docker daemon
 * @property {number} [lane] counts from 1; beds of the same engine for tests that run side by side
 */

/**
 * A private engine with two registries on loopback, one of which asks for a password; beds of different engines live
 * side by side.
 */
export class TestBed {
  /** @param {EngineChoice} [choice] */
  constructor(choice = {}) {
    this.choice = choice;
    this.name = nameOf(choice);
    this.folder = path.join(cache, "engines", this.name);
    this.registry = new Registry(path.join(this.folder, "registry"), { outlives: true });
    this.authRegistry = new Registry(path.join(this.folder, "auth-registry"), { needsPassword: true, outlives: true });
  }

  /** The engine; meaningful once the registries have their ports. */
  get engine() {
    const { podman, release, containerdStore } = this.choice;
    const folder = path.join(this.folder, "engine");
    const common = { mirror: this.registry.address, outlives: true };
    return podman ? new Podman(folder, common) : new Daemon(folder, { release, containerdStore, ...common });
  }

  /** Starts what is not running yet, so it may be called again at any time. */
  up() {
    return withLock(this.folder, async () => {
      await ensureEnginePackages();
      await Promise.all([this.registry.start(), this.authRegistry.start()]);
      const engine = await this.engine.start();
      await seedBusybox(engine.socket, this.registry);
      await mkdir(this.dockerConfig, { recursive: true });
      return this;
    });
  }

  /** Gives the engine, which must be up, a base image with Python. */
  seedPython() {
    return withLock(this.folder, () => seedPython(this.engine.socket));
  }

  /** Ends everything; images stay for the next `up`. */
  down() {
    return withLock(this.folder, async () => {
      if (!existsSync(this.folder)) return; // it was never up
      await this.engine.stop();
      await Promise.all([this.registry.stop(), this.authRegistry.stop()]);
    });
  }

  /** Ends everything and deletes what it kept. */
  async remove() {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Which of its parts run. */
  async status() {
    const [registry, authRegistry] = await Promise.all([this.registry.isUp(), this.authRegistry.isUp()]);
    return { registry, authRegistry, engine: await this.engine.isUp() };
  }

  async isUp() {
    return Object.values(await this.status()).every(Boolean);
  }

  /** A Docker configuration folder that is empty, so that the user's own sign-ins play no part. */
  get dockerConfig() {
    return path.join(this.folder, "docker-config");
  }

  /** What the tests read from their environment. */
  environment() {
    return {
      DOCKER_HOST: this.engine.dockerHost,
      DOCKER_CONFIG: this.dockerConfig,
      IMAGE_BUILDERS_TEST_REGISTRY: this.registry.address,
      IMAGE_BUILDERS_TEST_REGISTRY_FOLDER: this.registry.folder,
      IMAGE_BUILDERS_TEST_AUTH_REGISTRY: this.authRegistry.address,
      IMAGE_BUILDERS_TEST_USER: registryUser.username,
      IMAGE_BUILDERS_TEST_PASSWORD: registryUser.password,
    };
  }
}

/** @param {EngineChoice} choice */
function nameOf({ podman, release = "installed", containerdStore, lane = 1 }) {
  const engine = podman ? "podman" : containerdStore ? `${release}-containerd` : release;
  return lane > 1 ? `${engine}-lane-${lane}` : engine;
}
