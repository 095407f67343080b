import type { ZodType } from "zod";
import type { ImageBuilder } from "./imageBuilder";
import type { Component, ComponentType } from "../base/component";
import type { ContainerRegistry } from "./containerRegistry";
import type { ConnectableFlavor } from "./connectorRequirements";
import type { ImplementationServices } from "./services";

/** What a component's implementation is, by its type. */
export interface ImplementationByType {
  image_builder: ImageBuilder;
  container_registry: ContainerRegistry;
}

/** Describes a kind of component: its name, what may be configured, and how to load what does the work. */
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
  /** Where its logo is published; it is never fetched. */
  readonly logoUrl?: string;
  /** What to install where the implementation cannot be loaded, as a sentence. */
  readonly installHint?: string;
  /** Unknown keys are refused and the result is frozen. Validating never loads the implementation. */
  readonly configSchema: ZodType<Config>;
  /** Loads the implementation on first use and makes it. */
  load(component: Component, config: Config, services: ImplementationServices): Promise<ImplementationByType[Type]>;
}
