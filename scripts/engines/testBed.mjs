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
 * Engine of a test bed.
 *
 * @typedef {object} EngineChoice
 * @property {import("./releases.mjs").Release} [release] default is `installed`
 * @property {boolean} [containerdStore]
 * @property {boolean} [podman] whether Podman's Docker API replaces the Docker daemon
 * @property {number} [lane] number from 1; test beds of the same engine for tests that run in parallel
 */

/**
 * Private engine with two registries on loopback ports, one of which requires a password. Test beds of different
 * engines can run in parallel.
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

  /** Engine of the test bed. Its mirror is only correct once the registries have their ports. */
  get engine() {
    const { podman, release, containerdStore } = this.choice;
    const folder = path.join(this.folder, "engine");
    const common = { mirror: this.registry.address, outlives: true };
    return podman ? new Podman(folder, common) : new Daemon(folder, { release, containerdStore, ...common });
  }

  /** Starts all parts that are not running. It may be called again at any time. */
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

  /** Creates a base image with Python in the engine, which must be running. */
  seedPython() {
    return withLock(this.folder, () => seedPython(this.engine.socket));
  }

  /** Ends all parts; images are kept for the next `up`. */
  down() {
    return withLock(this.folder, async () => {
      if (!existsSync(this.folder)) return; // it was never started
      await this.engine.stop();
      await Promise.all([this.registry.stop(), this.authRegistry.stop()]);
    });
  }

  /** Ends all parts and deletes their data. */
  async remove() {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Returns which parts are running. */
  async status() {
    const [registry, authRegistry] = await Promise.all([this.registry.isUp(), this.authRegistry.isUp()]);
    return { registry, authRegistry, engine: await this.engine.isUp() };
  }

  async isUp() {
    return Object.values(await this.status()).every(Boolean);
  }

  /** Path of an empty Docker configuration folder, so that the user's own credentials are not used. */
  get dockerConfig() {
    return path.join(this.folder, "docker-config");
  }

  /** Returns the environment variables for the tests. */
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
