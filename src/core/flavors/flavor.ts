import type { ZodType } from "zod";
import type { ImageBuilder } from "../builders/imageBuilder";
import type { Component, ComponentType } from "../components/component";
import type { CredentialSource } from "../credentials/credentialSource";
import type { SecretStore } from "../credentials/secretStore";
import type { EngineAccess } from "../engine/engineAccess";
import type { ContainerRegistry } from "../registries/containerRegistry";

/** What an implementation is made with, besides its configuration. */
export interface ImplementationServices {
  readonly engine: EngineAccess;
  readonly credentials: CredentialSource;
  readonly secrets?: SecretStore;
}

/** What a component's implementation is, by its type. */
export interface ImplementationByType {
  image_builder: ImageBuilder;
  container_registry: ContainerRegistry;
}

/** Describes a kind of component: its name, what may be configured, and how to load what does the work. */
export interface Flavor<Type extends ComponentType = ComponentType, Config extends object = object> {
  readonly name: string;
  readonly type: Type;
  readonly displayName: string;
  readonly description: string;
  readonly docsUrl?: string;
  /** Unknown keys are refused and the result is frozen. Validating never loads the implementation. */
  readonly configSchema: ZodType<Config>;
  /** Loads the implementation on first use and makes it. */
  load(component: Component, config: Config, services: ImplementationServices): Promise<ImplementationByType[Type]>;
}
