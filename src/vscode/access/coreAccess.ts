import * as vscode from "vscode";
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
 * Mode of confirming sources that a workspace names: "asking" prompts the person, "quiet" refuses what has not been
 * allowed. Views use "quiet", so that they never prompt.
 */
export type Manner = "asking" | "quiet";

/** Loads the core on first use, so that activation doesn't wait for it. */
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
    private readonly cacheFolder?: string,
  ) {
    this.customFlavors = new CustomFlavors(new SourceFlavors(memory, log), () => this.#loadFlavors());
  }

  async get(manner: Manner = "asking"): Promise<Core> {
    const services = this.#services.get(manner) ?? this.#loadServices(manner);
    this.#services.set(manner, services);
    return { flavors: await this.flavors(), services: await services };
  }

  /**
   * Returns the flavors, including those from extensions and files: only those that components in the settings use, or
   * all.
   */
  async flavors(wanted: "used" | "all" = "used"): Promise<FlavorRegistry> {
    const flavors = await this.#loadFlavors();
    await this.customFlavors.load(flavors, wanted);
    return flavors;
  }

  /** Returns the service connectors of the settings. Their logins are kept until their entries change. */
  async connectors(manner: Manner = "asking"): Promise<ConnectorSource> {
    this.#connectors ??= this.#loadConnectors();
    return (await this.#connectors).with(this.trusted[manner]);
  }

  /** Creates a connector from a record that is not stored yet, to test it. */
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
   * Creates the store that changes components.
   *
   * @param target the settings that new components are written to
   * @param log receives warnings about secrets in plain text and addresses that other people can't use
   */
  async components(target = vscode.ConfigurationTarget.Global, log = this.log): Promise<ComponentStore> {
    const [{ ComponentStore }, flavors, connectors] = await Promise.all([
      import("../../core/components/componentStore"),
      this.flavors("all"),
      this.connectors(),
    ]);
    return new ComponentStore({ storage: new SettingsStorage(target, this.memory), flavors, connectors, log });
  }

  /**
   * Asks the person to confirm the sources in a component that a program is about to write to the settings, where they
   * would count as the person's own.
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

  /** Drops the connection to the daemon, so that changed settings apply. Running builds keep theirs. */
  reset(): void {
    this.#services.clear();
  }

  /**
   * Instantiates a component.
   *
   * @throws ImageBuilderError `configurationInvalid` if the settings have no component of this name, `flavorUnknown`,
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
      ...(this.cacheFolder !== undefined && { cacheFolder: this.cacheFolder }),
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

/** Gives access to the extension's `CoreAccess`. */
export interface WithCore {
  readonly core: CoreAccess;
}
