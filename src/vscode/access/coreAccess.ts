import { ConfigurationTarget } from "vscode";
import type { Core } from "../../core/jobs/buildAndPush";
import type { Component, ComponentType } from "../../core/base/component";
import type { ComponentStore } from "../../core/components/componentStore";
import type { SourceConsent } from "../../core/base/sourceConsent";
import type { ConnectorSource } from "../../core/connectors/connectorSource";
import type { ConnectorRecord, ConnectorServices } from "../../core/clouds/connectorType";
import type { ServiceConnector } from "../../core/connectors/serviceConnector";
import type { SecretStore } from "../../core/credentials/secretStore";
import type { ImplementationByType } from "../../core/contracts/flavor";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import type { Log } from "../../core/base/log";
import { componentNamed, connectorSettings } from "../settings/componentSettings";
import { SettingsStorage } from "../settings/settingsStorage";
import { CustomFlavors } from "../flavorSources/customFlavors";
import { SourceFlavors } from "../flavorSources/sourceFlavors";
import type { TrustedSources } from "../consent/trustedSources";
import type { Memory } from "../platform/memory";
import type { Secrets } from "../platform/secrets";
import { allowsImplicitAuthMethods, engineSettings } from "../platform/settings";

/**
 * Whether what a workspace names is asked about, or refused until somebody has allowed it: views look by themselves,
 * and ask nobody.
 */
export type Manner = "asking" | "quiet";

/** Loads the core when it is first needed, so that activation does not wait for it. */
export class CoreAccess {
  readonly customFlavors: CustomFlavors;
  #flavors: Promise<FlavorRegistry> | undefined;
  readonly #services = new Map<Manner, Promise<Core["services"]>>();
  #cloud: Promise<ConnectorServices> | undefined;
  #connectors: Promise<ConnectorSource> | undefined;

  constructor(
    private readonly secrets: Secrets,
    private readonly memory: Memory,
    private readonly log: Log,
    private readonly trusted: TrustedSources,
  ) {
    this.customFlavors = new CustomFlavors(new SourceFlavors(memory, log), () => this.#loadFlavors());
  }

  async get(manner: Manner = "asking"): Promise<Core> {
    const services = this.#services.get(manner) ?? this.#loadServices(manner);
    this.#services.set(manner, services);
    return { flavors: await this.flavors(), services: await services };
  }

  /**
   * The flavors that are known, with those that extensions and files bring: as far as components of the settings use
   * them, or all.
   */
  async flavors(wanted: "used" | "all" = "used"): Promise<FlavorRegistry> {
    const flavors = await this.#loadFlavors();
    await this.customFlavors.load(flavors, wanted);
    return flavors;
  }

  /** The service connectors of the settings; their logins are kept while their entries do not change. */
  async connectors(manner: Manner = "asking"): Promise<ConnectorSource> {
    this.#connectors ??= this.#loadConnectors();
    return (await this.#connectors).with(this.trusted[manner]);
  }

  /** A connector as it would be, to try it before it is stored. */
  async trialConnector(
    record: ConnectorRecord,
    secrets: SecretStore,
    consent: SourceConsent = this.trusted.trying,
  ): Promise<ServiceConnector> {
    const [{ createConnectorSource }, services] = await Promise.all([
      import("../../core/connectors/connectorSource"),
      this.#cloudServices(),
    ]);
    return createConnectorSource({ list: async () => [record], services, secrets, consent }).get(record.name);
  }

  /**
   * A registry as it would be, to try it before it is stored.
   *
   * @throws as {@link implementation}
   */
  async trialRegistry(component: Component): Promise<ImplementationByType["container_registry"]> {
    const [flavors, { services }, { createComponent }] = await Promise.all([
      this.flavors("all"),
      this.get(),
      import("../../core/flavors/createComponent"),
    ]);
    return createComponent("container_registry", component, flavors, services);
  }

  /**
   * The verbs that change components.
   *
   * @param target in which settings a new component goes
   * @param log is warned of secrets in plain text and of addresses that others cannot use
   */
  async components(target = ConfigurationTarget.Global, log = this.log): Promise<ComponentStore> {
    const [{ ComponentStore }, flavors, connectors] = await Promise.all([
      import("../../core/components/componentStore"),
      this.flavors("all"),
      this.connectors(),
    ]);
    return new ComponentStore({ storage: new SettingsStorage(target, this.memory), flavors, connectors, log });
  }

  /**
   * Has confirmed what a program wants to write into the settings, where it would count as the person's own.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`, `flavorUnknown`
   */
  async confirmWritten(component: Component): Promise<void> {
    const [flavors, { configurationRequests }] = await Promise.all([
      this.flavors("all"),
      import("../../core/flavors/configurationRequests"),
    ]);
    const requests = configurationRequests(
      { ...component, from: "program" },
      flavors.get(component.type, component.flavor),
    );
    for (const request of requests) await this.trusted.asking.confirm(request);
  }

  /** Forgets the way to the daemon, so that changed settings count; what runs keeps the one it has. */
  reset(): void {
    this.#services.clear();
  }

  /**
   * Makes the thing that does a component's work.
   *
   * @throws ImageBuilderError `configurationInvalid` when the settings have no component of that name, `flavorUnknown`,
   * `sourceNotConfirmed`
   */
  async implementation<Type extends ComponentType>(
    type: Type,
    name: string,
    manner: Manner = "asking",
  ): Promise<ImplementationByType[Type]> {
    const [{ flavors, services }, { createComponent }] = await Promise.all([
      this.get(manner),
      import("../../core/flavors/createComponent"),
    ]);
    return createComponent(type, componentNamed(type, name), flavors, services);
  }

  #loadFlavors(): Promise<FlavorRegistry> {
    this.#flavors ??= import("../../core/flavors/flavorRegistry").then(({ FlavorRegistry }) => new FlavorRegistry());
    return this.#flavors;
  }

  async #loadServices(manner: Manner): Promise<Core["services"]> {
    const [{ createEngineAccess }, { userLogins }, { firstOf }, connectors, cloud] = await Promise.all([
      import("../../core/engine/engineAccess"),
      import("../../core/credentials/podmanAuth"),
      import("../../core/credentials/credentialSource"),
      this.connectors(manner),
      this.#cloudServices(),
    ]);
    const { secrets, log } = this;
    const consent = this.trusted[manner];
    return {
      engine: createEngineAccess({ ...engineSettings(), consent }),
      credentials: firstOf(secrets, userLogins({ log })),
      secrets,
      connectors,
      cloud,
      consent,
    };
  }

  async #loadConnectors(): Promise<ConnectorSource> {
    const [{ createConnectorSource }, services] = await Promise.all([
      import("../../core/connectors/connectorSource"),
      this.#cloudServices(),
    ]);
    return createConnectorSource({ list: async () => connectorSettings().connectors, services, secrets: this.secrets });
  }

  #cloudServices(): Promise<ConnectorServices> {
    this.#cloud ??= this.#loadCloudServices();
    return this.#cloud;
  }

  async #loadCloudServices(): Promise<ConnectorServices> {
    const [{ HttpClient }, { implicitAllowedBy }] = await Promise.all([
      import("../../core/http/httpClient"),
      import("../../core/connectors/connectorSource"),
    ]);
    const { env } = process;
    return {
      http: new HttpClient({ env }),
      env,
      log: this.log,
      insecure: async (host, signal = new AbortController().signal) => {
        const { services } = await this.get("quiet");
        return (await services.engine.client()).isInsecureRegistry(host, signal);
      },
      get allowImplicit() {
        return allowsImplicitAuthMethods() || implicitAllowedBy(env);
      },
    };
  }
}

/** Holds the extension's `CoreAccess`. */
export interface WithCore {
  readonly core: CoreAccess;
}
