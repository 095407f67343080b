import type { ZodType } from "zod";
import type { ImageBuilder } from "../builders/imageBuilder";
import type { Component, ComponentType } from "../components/component";
import type { Requester, SourceConsent } from "../consent/sourceConsent";
import type { ConnectorLink } from "../connectors/connectorLink";
import type { ConnectorServices } from "../connectors/connectorType";
import type { ConnectorSource } from "../connectors/connectorSource";
import type { CredentialSource } from "../credentials/credentialSource";
import type { SecretStore } from "../credentials/secretStore";
import type { EngineAccess } from "../engine/engineAccess";
import type { ContainerRegistry } from "../registries/containerRegistry";

/** What an implementation is made with, besides its configuration. */
export interface ImplementationServices {
  readonly engine: EngineAccess;
  readonly credentials: CredentialSource;
  readonly secrets?: SecretStore;
  /** Where service connectors are found by name. */
  readonly connectors?: ConnectorSource;
  /** The component's own service connector, if it has one; set by `createComponent`. */
  readonly connector?: ConnectorLink;
  /** Asked before a source that a configuration names is used; without it the caller answers for its configurations. */
  readonly consent?: SourceConsent;
  /** What asks where the implementation uses a source; set by `createComponent`. */
  readonly requester?: Requester;
  /** What requests to registries and clouds are made with; default is this process's environment. */
  readonly cloud?: ConnectorServices;
}

/** What a component's implementation is, by its type. */
export interface ImplementationByType {
  image_builder: ImageBuilder;
  container_registry: ContainerRegistry;
}

/** Which service connectors fit a flavor (ZenML's `ServiceConnectorRequirements`). */
export interface ServiceConnectorRequirements {
  /** Any kind of connector fits where none is named. */
  readonly connectorType?: string;
  readonly resourceType: string;
  /** The configuration's field that says which resource the component is, such as `uri`. */
  readonly resourceIdAttribute?: string;
}

/** Describes a kind of component: its name, what may be configured, and how to load what does the work. */
export interface Flavor<Type extends ComponentType = ComponentType, Config extends object = object> {
  readonly name: string;
  readonly type: Type;
  readonly displayName: string;
  readonly description: string;
  readonly docsUrl?: string;
  readonly sdkDocsUrl?: string;
  /** Where its logo is published; it is never fetched. */
  readonly logoUrl?: string;
  /** Which service connectors can supply its credentials; without it none can. */
  readonly serviceConnectorRequirements?: ServiceConnectorRequirements;
  /** What to install where the implementation cannot be loaded, as a sentence. */
  readonly installHint?: string;
  /** Unknown keys are refused and the result is frozen. Validating never loads the implementation. */
  readonly configSchema: ZodType<Config>;
  /** Loads the implementation on first use and makes it. */
  load(component: Component, config: Config, services: ImplementationServices): Promise<ImplementationByType[Type]>;
}
