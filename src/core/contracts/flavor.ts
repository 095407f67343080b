import type { ZodType } from "zod";
import type { ImageBuilder } from "./imageBuilder";
import type { Component, ComponentType } from "../base/component";
import type { ContainerRegistry } from "./containerRegistry";
import type { ConnectableFlavor } from "./connectorRequirements";
import type { ImplementationServices } from "./services";

/** Implementation of each component type. */
export interface ImplementationByType {
  image_builder: ImageBuilder;
  container_registry: ContainerRegistry;
}

/** Kind of builder or registry: its name, its configuration schema, and how to load its implementation. */
export interface Flavor<Type extends ComponentType = ComponentType, Config extends object = object> extends Pick<
  ConnectableFlavor,
  "serviceConnectorRequirements"
> {
  readonly name: string;
  readonly type: Type;
  readonly displayName: string;
  readonly description: string;
  readonly docsUrl?: string;
  readonly sdkDocsUrl?: string;
  /** Address of the published logo, which is never fetched. */
  readonly logoUrl?: string;
  /** Sentence that says what to install if the implementation can't be loaded. */
  readonly installHint?: string;
  /**
   * Schema of the configuration. Unknown keys are refused, and the result is frozen. Validation never loads the
   * implementation.
   */
  readonly configSchema: ZodType<Config>;
  /** Loads the implementation on first use, and creates an instance. */
  load(component: Component, config: Config, services: ImplementationServices): Promise<ImplementationByType[Type]>;
}
