import { ConfigurationTarget } from "vscode";
import type { Core } from "../core/buildAndPush";
import type { ComponentType } from "../core/components/component";
import type { ComponentStore } from "../core/components/componentStore";
import type { ConnectorSource } from "../core/connectors/connectorSource";
import type { ConnectorRecord, ConnectorServices } from "../core/connectors/connectorType";
import type { ServiceConnector } from "../core/connectors/serviceConnector";
import type { SecretStore } from "../core/credentials/secretStore";
import type { ImplementationByType } from "../core/flavors/flavor";
import type { FlavorRegistry } from "../core/flavors/flavorRegistry";
import type { Log } from "../core/log";
import { componentNamed, connectorSettings } from "./components/componentSettings";
import { SettingsStorage } from "./components/settingsStorage";
import { CustomFlavors } from "./flavors/customFlavors";
import { SourceFlavors } from "./flavors/sourceFlavors";
import type { Memory } from "./memory";
import type { Secrets } from "./secrets/secrets";
import { allowsImplicitAuthMethods, engineSettings } from "./settings";

/** Loads the core when it is first needed, so that activation does not wait for it. */
export class CoreAccess {
  readonly customFlavors: CustomFlavors;
  #flavors: Promise<FlavorRegistry> | undefined;
  #services: Promise<Core["services"]> | undefined;
  #cloud: Promise<ConnectorServices> | undefined;
  #connectors: Promise<ConnectorSource> | undefined;

  constructor(
    private readonly secrets: Secrets,
    private readonly memory: Memory,
    private readonly log: Log,
  ) {
    this.customFlavors = new CustomFlavors(new SourceFlavors(memory, log), () => this.#loadFlavors());
  }

  async get(): Promise<Core> {
    this.#services ??= this.#loadServices();
    return { flavors: await this.flavors(), services: await this.#services };
  }

  /** The flavors that are known, with those that extensions and files bring: as far as components of the settings use them, or all. */
  async flavors(wanted: "used" | "all" = "used"): Promise<FlavorRegistry> {
    const flavors = await this.#loadFlavors();
    await this.customFlavors.load(flavors, wanted);
    return flavors;
  }

  /** The service connectors of the settings; their logins are kept while their entries do not change. */
  connectors(): Promise<ConnectorSource> {
    this.#connectors ??= this.#loadConnectors();
    return this.#connectors;
  }

  /** A connector as it would be, to try it before it is stored. */
  async trialConnector(record: ConnectorRecord, secrets: SecretStore): Promise<ServiceConnector> {
    const [{ createConnectorSource }, services] = await Promise.all([import("../core/connectors/connectorSource"), this.#cloudServices()]);
    return createConnectorSource({ list: async () => [record], services, secrets }).get(record.name);
  }

  /**
   * The verbs that change components.
   *
   * @param target in which settings a new component goes
   * @param log is warned of secrets in plain text and of addresses that others cannot use
   */
  async components(target = ConfigurationTarget.Global, log = this.log): Promise<ComponentStore> {
    const [{ ComponentStore }, flavors, connectors] = await Promise.all([import("../core/components/componentStore"), this.flavors("all"), this.connectors()]);
    return new ComponentStore({ storage: new SettingsStorage(target, this.memory), flavors, connectors, log });
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

  #loadFlavors(): Promise<FlavorRegistry> {
    this.#flavors ??= import("../core/flavors/flavorRegistry").then(({ FlavorRegistry }) => new FlavorRegistry());
    return this.#flavors;
  }

  async #loadServices(): Promise<Core["services"]> {
    const [{ createEngineAccess }, { dockerConfigCredentials }, { firstOf }, connectors, cloud] = await Promise.all([
      import("../core/engine/engineAccess"),
      import("../core/credentials/dockerConfig"),
      import("../core/credentials/credentialSource"),
      this.connectors(),
      this.#cloudServices(),
    ]);
    const { secrets, log } = this;
    return { engine: createEngineAccess(engineSettings()), credentials: firstOf(secrets, dockerConfigCredentials({ log })), secrets, connectors, cloud };
  }

  async #loadConnectors(): Promise<ConnectorSource> {
    const [{ createConnectorSource }, services] = await Promise.all([import("../core/connectors/connectorSource"), this.#cloudServices()]);
    return createConnectorSource({ list: async () => connectorSettings().connectors, services, secrets: this.secrets });
  }

  #cloudServices(): Promise<ConnectorServices> {
    this.#cloud ??= this.#loadCloudServices();
    return this.#cloud;
  }

  async #loadCloudServices(): Promise<ConnectorServices> {
    const [{ HttpClient }, { implicitAllowedBy }] = await Promise.all([import("../core/http/httpClient"), import("../core/connectors/connectorSource")]);
    const { env } = process;
    return {
      http: new HttpClient({ env }),
      env,
      log: this.log,
      get allowImplicit() {
        return allowsImplicitAuthMethods() || implicitAllowedBy(env);
      },
    };
  }
}
