import type { Disposable } from "vscode";
import type { Core } from "../core/buildAndPush";
import type { ComponentType } from "../core/components/component";
import type { Flavor, ImplementationByType } from "../core/flavors/flavor";
import type { FlavorRegistry } from "../core/flavors/flavorRegistry";
import type { Log } from "../core/log";
import type { Secrets } from "./secrets";
import { componentNamed, engineSettings } from "./settings";

/** Loads the core when it is first needed, so that activation does not wait for it. */
export class CoreAccess {
  #flavors: Promise<FlavorRegistry> | undefined;
  #services: Promise<Core["services"]> | undefined;

  constructor(
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  async get(): Promise<Core> {
    this.#services ??= this.#loadServices();
    return { flavors: await this.flavors(), services: await this.#services };
  }

  flavors(): Promise<FlavorRegistry> {
    this.#flavors ??= import("../core/flavors/flavorRegistry").then(({ FlavorRegistry }) => new FlavorRegistry());
    return this.#flavors;
  }

  /** Forgets the way to the daemon, so that changed settings count; what runs keeps the one it has. */
  reset(): void {
    this.#services = undefined;
  }

  /**
   * Makes the thing that does a component's work.
   *
   * @throws ImageBuilderError `configurationInvalid` when the settings have no component of that name, `flavorUnknown`
   */
  async implementation<Type extends ComponentType>(type: Type, name: string): Promise<ImplementationByType[Type]> {
    const [{ flavors, services }, { createComponent }] = await Promise.all([this.get(), import("../core/flavors/createComponent")]);
    return createComponent(type, componentNamed(type, name), flavors, services);
  }

  /** Adds a flavor of another extension; the caller is told nothing before the core is loaded, so a refusal goes to `refused`. */
  register(flavor: Flavor, changed: () => void, refused: (error: unknown) => void): Disposable {
    const removal = this.flavors().then((flavors) => flavors.register(flavor));
    removal.then(changed, refused);
    return {
      dispose: () => {
        // A flavor that was refused has nothing to remove; that was told above.
        removal.then((remove) => { remove(); changed(); }, () => undefined);
      },
    };
  }

  async #loadServices(): Promise<Core["services"]> {
    const [{ createEngineAccess }, { dockerConfigCredentials }, { firstOf }] = await Promise.all([
      import("../core/engine/engineAccess"),
      import("../core/credentials/dockerConfig"),
      import("../core/credentials/credentialSource"),
    ]);
    return { engine: createEngineAccess(engineSettings()), credentials: firstOf(this.secrets, dockerConfigCredentials({ log: this.log })), secrets: this.secrets };
  }
}
